"""Everybody's own shifts as a calendar, under a secret address."""
