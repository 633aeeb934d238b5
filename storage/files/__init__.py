"""Where the bytes of files lie, sealed, in a folder or a bucket."""
