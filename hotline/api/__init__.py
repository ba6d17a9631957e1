"""The line for other programs: a JSON API with tokens and roles, and calendar feeds."""
