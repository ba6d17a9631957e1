"""Who is calling, as far as they let us know."""
