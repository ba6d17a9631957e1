"""Who is on instead of whom, for once: overrides laid over the shifts of rota and imports."""
