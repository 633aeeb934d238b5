"""Practice mode: the operators' chat with another database behind it."""
