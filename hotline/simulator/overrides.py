"""Which time-outs and retries does a webhook address ask for in its fragment?"""

from dataclasses import dataclass

CALL_LIMIT = 15.0
"""A call's webhook ends after 15 s whatever is set (twilio-contract §4)."""


@dataclass(frozen=True)
class Overrides:
    """Limits in seconds, number of retries, and the failures that are retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = CALL_LIMIT
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, failure: str) -> bool:
        """Tell whether `failure` (refused, ct, rt, 4xx, 5xx) is one to try again."""
        kind = "ct" if failure == "refused" else failure
        return "all" in self.retry_on or kind in self.retry_on


def _limit(text: str, lowest: int, highest: int) -> float:
    number = int(text)
    if not lowest <= number <= highest:
        raise ValueError(text)
    return number / 1000


def split_overrides(address: str) -> tuple[str, Overrides, tuple[str, ...]]:
    """Split an address into what is requested, its overrides, and what is wrong with them.

    >>> split_overrides("https://a.org/x#rt=4000&rc=2&rp=ct,5xx")[1].read
    4.0
    """
    url, _, fragment = address.partition("#")
    values: dict[str, str] = dict(part.partition("=")[::2] for part in fragment.split("&") if part)
    wrong = tuple(f"unknown override {name!r}" for name in values if name not in _KNOWN)
    try:
        return url, _read(values), wrong
    except ValueError as error:
        return url, Overrides(), (*wrong, f"override out of range: {error}")


_KNOWN = frozenset({"ct", "rt", "tt", "rc", "rp", "sni", "e"})
_FAILURES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


def _read(values: dict[str, str]) -> Overrides:
    retries = int(values.get("rc", "1"))
    retry_on = frozenset(values.get("rp", "ct").split(","))
    if not 0 <= retries <= 5 or not retry_on <= _FAILURES:
        raise ValueError(f"rc={retries} rp={','.join(sorted(retry_on))}")
    return Overrides(
        connect=_limit(values.get("ct", "5000"), 100, 10000),
        read=_limit(values.get("rt", "15000"), 100, 15000),
        total=_limit(values.get("tt", "15000"), 100, 15000),
        retries=retries,
        retry_on=retry_on,
    )
