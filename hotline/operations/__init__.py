"""How the line fares, for those who watch over it: figures and health, never a person."""
