"""A text comes in: a contact that somebody must read, or a command of the staff."""
