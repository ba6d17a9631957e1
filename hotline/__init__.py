"""Pronto Intervento Sociale: the software behind a social emergency line."""

__version__ = "0.1.0"
