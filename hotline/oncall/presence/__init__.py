"""Is everybody there whom the rota names? Asked once for each shift, before a caller is hurt."""
