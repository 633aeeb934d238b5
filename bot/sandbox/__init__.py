"""A strict local stand-in for Telegram's Bot API, with a page where one person can play everybody."""
