"""What the system does, one verb a file; every bot, page and command calls these and nothing deeper."""
