"""Chat widgets made for Rasa, unchanged: its REST channel and its socket.io channel."""
