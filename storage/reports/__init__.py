"""Reports: tickets with their histories, their files, and the indexes they are found by."""
