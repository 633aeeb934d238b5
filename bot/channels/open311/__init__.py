"""Reports from other programs: what they attach is fetched here, what they are told they read themselves."""
