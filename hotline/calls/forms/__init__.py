"""Forms of first contact: written on paper, noted here, missing until then."""
