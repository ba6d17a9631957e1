"""Handing over to the next shift by note or by voice, as the telephone brings it about."""
