"""Whether this installation is ready to take a call, and what is missing."""
