"""Practice: scripted citizens, what they answer, and how a trainee's work is marked; pure and by data."""
