"""The leg of a practice call: who may be rung now, and what is heard."""
