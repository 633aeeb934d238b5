"""Practice beside the real desk: a house of its own for each session, played by scripts."""
