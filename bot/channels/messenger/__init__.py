"""Citizens on Messenger and Instagram: direct messages, which speak almost the same language."""
