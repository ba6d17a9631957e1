"""The edge: how the service rings, redirects, ends and texts through a telephone provider."""
