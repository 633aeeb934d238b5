"""Tickets opened and changed, and the news of it."""
