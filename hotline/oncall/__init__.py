"""Who must answer, and when."""
