"""How do rules become shifts? Bands of the week, rotations, holidays: all in local wall time."""
