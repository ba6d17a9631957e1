"""How is the program started, from a terminal or with `python -m hotline`?"""

import gc


def main() -> None:
    """Load the program, then run the command that was asked for.

    What is loaded stays until the end. Looking meanwhile for what could be thrown away takes a sixth of the
    start, and looking through all of it later, in the middle of a call, a fifth of a second.
    """
    gc.disable()
    from hotline import cli

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
