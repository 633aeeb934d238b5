"""Files: fetched, kept, examined, compared, passed on as copies, and let go of."""
