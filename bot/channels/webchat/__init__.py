"""Our own chat page for people without a messenger."""
