"""Shifts that somebody offers to others: asked for, taken, traded, left again, withdrawn, lapsed."""
