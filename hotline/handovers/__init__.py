"""Handing over to the next shift: notes that it hears, and who spoke with whom. Nothing of it is recorded."""
