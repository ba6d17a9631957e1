"""Conversations: who is in the room, who is called in, and what happens when somebody leaves."""
