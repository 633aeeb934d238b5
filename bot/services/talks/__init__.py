"""A citizen's message, from its arrival to what its turn brought about."""
