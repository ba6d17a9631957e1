"""One call, from the first ring to the hang-up."""
