"""What staff are told outside a live call."""
