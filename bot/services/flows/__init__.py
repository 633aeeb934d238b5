"""The dialog as admins change it: drafted, tried, published, and what it has yet to learn."""
