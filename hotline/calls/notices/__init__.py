"""The legs on which one of ours hears something outside a live call."""
