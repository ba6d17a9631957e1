"""What can go wrong in a way that a person can mend?"""


class HotlineError(Exception):
    """Say in one sentence what is wrong, where, and how to mend it."""


class BadInput(HotlineError):
    """Refuse input (a file, a setting, a number) with its place and the remedy in the message."""


class TooLate(BadInput):
    """Refuse what was possible until somebody was quicker, or until it was over."""
