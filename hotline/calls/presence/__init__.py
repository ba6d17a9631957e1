"""Asking whether somebody is there: by text, by call, and what follows when nobody answers."""
