"""What each simulated Bot API method does to the sandbox's world."""
