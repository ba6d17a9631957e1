"""Does the rota keep its rules, who would be missing when, who carries how much, and what is paid? Pure."""
