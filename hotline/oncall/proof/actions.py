"""What do the proofs look at? Coverage and shares of the load, read for terminal and API alike."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime

from hotline.database import Transaction
from hotline.oncall import store
from hotline.oncall.actions import gaps_between
from hotline.oncall.festive import festive_days
from hotline.oncall.proof.coverage_report import CoverageReport
from hotline.oncall.proof.duty import WorkedPeriod
from hotline.oncall.proof.fairness import Share, shares
from hotline.oncall.proof.hours import Calendar, days_span
from hotline.oncall.proof.served import served
from hotline.oncall.proof.spans import Span
from hotline.oncall.withdrawals import store as withdrawals
from hotline.people.store import everybody
from hotline.profile import Profile

Worked = Callable[[Transaction, datetime, datetime], Iterable[WorkedPeriod]]
"""How call-outs are read: what calls were answered is known above the rota."""


def coverage_between(
    tx: Transaction, profile: Profile, first: datetime, last: datetime, countries: Collection[str]
) -> CoverageReport:
    """Prove that between two moments no call would find too few people."""
    found = gaps_between(tx, profile, first, last, countries)
    return CoverageReport(first, last, found, profile.service.timezone)


def shares_between(
    tx: Transaction, profile: Profile, since: date, to: date, worked: Worked
) -> tuple[Share, ...]:
    """Return how many hours everybody was on duty from one local day to another, both included."""
    window = days_span(since, to, profile.service.timezone)
    return shares(
        everybody(tx),
        time_served(tx, window),
        worked(tx, window.starts_at, window.ends_at),
        calendar_of(profile, since, to),
        profile.rules.weights,
    )


def time_served(tx: Transaction, window: Span) -> dict[tuple[str, str], tuple[Span, ...]]:
    """Return the time on duty within a window, by person and role."""
    shifts = store.on_duty_between(tx, window.starts_at, window.ends_at)
    return served(shifts, withdrawals.between(tx, window.starts_at, window.ends_at), window)


def calendar_of(profile: Profile, first: date, last: date) -> Calendar:
    """Return the nights and the holidays of a profile between two days."""
    service = profile.service
    holidays = festive_days(profile.patron_days, first, last, service.country)
    return Calendar(service.timezone, frozenset(holidays), profile.night)
