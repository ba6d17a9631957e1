"""What a shift needs when every screen is dark: the form, the numbers and the keys, on paper."""
