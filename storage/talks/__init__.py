"""What is said: what came in, what goes out, and the talks between."""
