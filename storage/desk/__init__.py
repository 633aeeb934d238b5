"""The staff: who they are, what they are told and shown, and what they practise on."""
