"""Which work of the clock is done by whom, once?"""
