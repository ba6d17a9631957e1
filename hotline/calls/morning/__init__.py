"""The list of the morning: what the day and the night have left, told once to the coordinators."""
