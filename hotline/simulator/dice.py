"""How are ids and faults drawn, the same again from the same seed?"""

import hashlib


class Dice:
    """Draw numbers from a seed: the same ones on every machine and in every version of Python."""

    def __init__(self, seed: int) -> None:
        self._seed, self._throws = seed, 0

    def hexadecimal(self) -> str:
        """Return 32 hex digits.

        >>> Dice(1).hexadecimal() == Dice(1).hexadecimal() != Dice(2).hexadecimal()
        True
        """
        self._throws += 1
        return hashlib.sha256(f"{self._seed}:{self._throws}".encode()).hexdigest()[:32]

    def fraction(self) -> float:
        """Return a number from 0 up to, never reaching, 1."""
        return int(self.hexadecimal()[:13], 16) / 16**13

    def between(self, lowest: float, highest: float) -> float:
        """Return a number of a range."""
        return lowest + self.fraction() * (highest - lowest)
