"""What changed for whom, and which shift nobody has: who is told, how, and when."""
