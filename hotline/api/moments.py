"""Which moments, days and periods may be asked about, and how are they written?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import AfterValidator, BeforeValidator, Field

from hotline.errors import BadInput

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_EXAMPLE = "2026-11-22T03:00:00+01:00"


def _read(value: Any) -> Any:
    """Read ISO 8601; in an address a `+` that was not written as %2B arrives as a blank."""
    try:
        return datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"not a moment; write it with its offset, as {_EXAMPLE}") from None


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"has no offset; write it as {_EXAMPLE}")
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the year must be between {_FIRST_YEAR} and {_LAST_YEAR}")
    return moment.astimezone(UTC)


def _possible(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"the year must be between {_FIRST_YEAR} and {_LAST_YEAR}")
    return day


_Moment = Annotated[datetime, BeforeValidator(_read), AfterValidator(_in_utc)]
Moment = Annotated[_Moment, Field(description="A moment with its offset.", examples=[_EXAMPLE])]
Day = Annotated[date, AfterValidator(_possible)]
At = Annotated[
    _Moment | None, Query(description="A moment with its offset; default: now.", examples=[_EXAMPLE])
]
_From = Annotated[_Moment | None, Query(alias="from", description="Default: now.", examples=[_EXAMPLE])]
_To = Annotated[_Moment | None, Query(alias="to", description="Excluded; default: 14 days later.")]
_FromDay = Annotated[Day | None, Query(alias="from", description="Default: twelve weeks before `to`.")]
_ToDay = Annotated[Day | None, Query(alias="to", description="Included; default: today.")]


@dataclass(frozen=True)
class Asked:
    """A period as it was asked for."""

    first: datetime | None
    last: datetime | None

    def within(self, most: timedelta, now: datetime) -> tuple[datetime, datetime]:
        """Return its beginning and end; raise `BadInput` when it is reversed or longer than `most`."""
        first = self.first or now
        last = self.last or first + timedelta(days=14)
        if last <= first:
            raise BadInput("to: not after from; exchange or correct them")
        if last - first > most:
            raise BadInput(f"to: more than {most.days} days after from; ask for less at once")
        return first, last


@dataclass(frozen=True)
class AskedDays:
    """Whole local days as they were asked for."""

    first: date | None
    last: date | None

    def within(self, most: timedelta, today: date) -> tuple[date, date]:
        """Return the first and the last day; raise `BadInput` when they are reversed or too many."""
        last = self.last or today
        first = self.first or last - timedelta(weeks=12)
        if last < first:
            raise BadInput("to: before from; exchange or correct them")
        if last - first > most:
            raise BadInput(f"to: more than {most.days} days after from; ask for less at once")
        return first, last


async def _asked(first: _From = None, last: _To = None) -> Asked:
    return Asked(first, last)


async def _asked_days(first: _FromDay = None, last: _ToDay = None) -> AskedDays:
    return AskedDays(first, last)


Period = Annotated[Asked, Depends(_asked)]
Days = Annotated[AskedDays, Depends(_asked_days)]
