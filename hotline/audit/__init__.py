"""Who read what, and when."""
