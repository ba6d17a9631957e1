"""What a caller is promised, and how it is kept: agreement, alarms, calling back, ringing again."""
