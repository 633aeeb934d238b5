"""What strangers send, bent in every way: nothing here may end in an exception nobody foresaw."""
