"""Practice: a test call to one of us, announced as a test, and never counted among the real ones."""
