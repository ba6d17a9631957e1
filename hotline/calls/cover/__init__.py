"""Somebody on duty cannot: who is asked, who is told, and what they hear."""
