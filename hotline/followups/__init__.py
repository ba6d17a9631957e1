"""The promise: what must still be done for a caller whom nobody reached."""
