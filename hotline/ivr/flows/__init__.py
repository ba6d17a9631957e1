"""Published call flows, one version a file."""
