"""What people text to us, and which of them no longer wants texts."""
