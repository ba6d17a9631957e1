"""Does a calendar show one's own shifts, take back those that are no longer, and tell nothing else?"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import func, select

from hotline.api.feeds.actions import make_feed, revoke_feed
from hotline.api.feeds.feed import Event, changed_events
from hotline.api.feeds.tables import feed_events
from hotline.audit.store import newest_changes
from hotline.audit.tables import access_log
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.oncall.actions import cannot_now, import_shifts
from hotline.oncall.rota.actions import publish
from hotline.oncall.rota.ground import Ground
from hotline.oncall.shifts import Shift
from hotline.people.actions import set_active
from hotline.people.store import everybody
from tests.api.conftest import PHONES, ROTA, Api
from tests.operations.test_commands import run

__all__ = ["run"]

ROME = ZoneInfo("Europe/Rome")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def address(api: Api, database: Database) -> str:
    """Anna's calendar."""
    with database.transaction() as tx:
        return f"/feeds/{make_feed(tx, PHONES['Anna'], 'the tests')}.ics"


@pytest.fixture
def calendar(api: Api, address: str) -> Callable[[], Calendar]:
    """Read it, as a calendar program does."""

    def read() -> Calendar:
        answer = api.client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return Calendar.from_ical(answer.text)

    return read


def entries(calendar: Calendar) -> list[tuple[datetime, datetime, str]]:
    return [
        (one.decoded("dtstart"), one.decoded("dtend"), str(one["status"])) for one in calendar.walk("VEVENT")
    ]


def rome(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ROME)


def test_a_calendar_has_ones_own_shifts_and_not_a_word_more(
    api: Api, calendar: Callable[[], Calendar], address: str
) -> None:
    read = calendar()
    assert entries(read) == [
        (rome(21, 20), rome(22, 8), "CONFIRMED"),
        (rome(23, 20), rome(24, 8), "CONFIRMED"),
    ]
    assert {str(one["summary"]) for one in read.walk("VEVENT")} == {"Turno volontari"}
    assert str(read["x-wr-calname"]) == "Turni Pronto Intervento Sociale"
    text = api.client.get(address).text
    assert "DTSTART;TZID=Europe/Rome:20261121T200000" in text
    assert "BEGIN:VTIMEZONE" in text
    assert not [name for name in (*PHONES, "0781") if name in text]
    assert not re.search(r"\+39|340000000", text)


def test_the_night_of_october_ends_at_eight_on_the_wall(
    api: Api, database: Database, clock: ManualClock, calendar: Callable[[], Calendar]
) -> None:
    clock.set(rome(20, 12, month=10))
    with database.transaction() as tx:
        import_shifts(
            tx,
            "phone,role,starts_at,ends_at\n"
            "3400000001,volunteer,2026-10-24T20:00+02:00,2026-10-25T02:30+01:00\n"
            "3400000001,volunteer,2026-10-25T02:30+01:00,2026-10-25T08:00+01:00\n"
            "3400000001,volunteer,2026-10-31T20:00+01:00,2026-11-01T08:00+01:00\n"
            "3400000001,volunteer,2027-03-27T20:00+01:00,2027-03-28T08:00+02:00\n",
        )
    starts = {start.astimezone(UTC): (start, end) for start, end, _ in entries(calendar())}
    first = starts[datetime(2026, 10, 24, 18, tzinfo=UTC)]
    # Half past two the second time: only UTC says which of the two is meant.
    assert first[1] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert starts[datetime(2026, 10, 25, 1, 30, tzinfo=UTC)][1].astimezone(ROME) == rome(25, 8, month=10)
    assert starts[datetime(2026, 10, 31, 19, tzinfo=UTC)][1] == rome(1, 8)
    clock.set(datetime(2027, 3, 20, 12, tzinfo=ROME))
    spring = next(one for one in entries(calendar()) if one[0].year == 2027)
    assert [moment.replace(tzinfo=None) for moment in spring[:2]] == [
        datetime(2027, 3, 27, 20),  # noqa: DTZ001  # what the wall shows
        datetime(2027, 3, 28, 8),  # noqa: DTZ001
    ]


def test_what_was_served_and_is_no_longer_is_cancelled_and_comes_back_with_a_higher_number(
    api: Api, database: Database, clock: ManualClock, calendar: Callable[[], Calendar]
) -> None:
    def state() -> dict[datetime, tuple[str, int, str]]:
        return {
            one.decoded("dtstart"): (str(one["status"]), int(one["sequence"]), str(one["uid"]))
            for one in calendar().walk("VEVENT")
        }

    ask = {"headers": {"Content-Type": "application/toml"}}
    ground = Ground(api.service.board.profile)
    api.ask("/rota/draft", method="PUT", content=ROTA, **ask)
    publish(database, ground, PHONES["Carla"], "first")
    before = state()
    planned = next(start for start, (status, *_) in before.items() if start > rome(24, 12))
    assert before[planned][:2] == ("CONFIRMED", 0)
    clock.advance(3600)
    other = ROTA.replace('"+393400000001", "+393400000002"', '"+393400000002"')
    api.ask("/rota/draft", method="PUT", content=other, **ask)
    publish(database, ground, PHONES["Carla"], "Anna rests")
    after = state()
    assert after[planned] == ("CANCELLED", 1, before[planned][2])
    assert after[rome(23, 20)] == before[rome(23, 20)], "imported shifts are no part of the rota"
    clock.advance(3600)
    api.ask("/rota/draft", method="PUT", content=ROTA, **ask)
    publish(database, ground, PHONES["Carla"], "Anna is back")
    assert state()[planned] == ("CONFIRMED", 2, before[planned][2])


def test_whoever_cannot_now_has_the_shift_no_longer(
    api: Api, database: Database, calendar: Callable[[], Calendar]
) -> None:
    calendar()
    with database.transaction() as tx:
        anna = next(one for one in everybody(tx) if one.name == "Anna")
        cannot_now(tx, anna, "phone")
    assert entries(calendar())[0] == (rome(21, 20), rome(22, 8), "CANCELLED")


def test_a_calendar_that_has_not_changed_is_not_sent_again(
    api: Api, database: Database, clock: ManualClock, address: str
) -> None:
    first = api.client.get(address)
    clock.advance(300)
    again = api.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with database.transaction() as tx:
        import_shifts(
            tx,
            "phone,role,starts_at,ends_at\n"
            "3400000001,volunteer,2026-12-01T20:00+01:00,2026-12-02T08:00+01:00\n",
        )
    changed = api.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    with database.reading() as tx:
        read = [row.who for row in tx.execute(select(access_log)) if row.action == "read calendar"]
    assert read == [api.ids["Anna"]], "once an hour is enough"


def test_shifts_of_long_ago_leave_the_calendar_and_the_database(
    database: Database, clock: ManualClock, calendar: Callable[[], Calendar]
) -> None:
    calendar()
    clock.advance(60 * 86400)
    assert entries(calendar()) == []
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(feed_events)).scalar() == 0


def test_closed_never_made_or_of_somebody_who_left_it_is_the_same_nothing(
    api: Api, database: Database, address: str
) -> None:
    def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
        return answer.status_code, answer.content, dict(answer.headers)

    never = told(api.client.get("/feeds/never-made.ics"))
    assert never[:2] == (404, b"")
    with database.transaction() as tx:
        set_active(tx, PHONES["Anna"], active=False)
    assert told(api.client.get(address)) == never
    with database.transaction() as tx:
        set_active(tx, PHONES["Anna"], active=True)
    assert api.client.get(address).status_code == 200
    with database.transaction() as tx:
        revoke_feed(tx, PHONES["Anna"], "the tests")
    assert told(api.client.get(address)) == never


HOURS = st.sets(st.tuples(st.integers(0, 5), st.integers(6, 9), st.booleans()), max_size=6)


@given(st.lists(HOURS, max_size=6))
def test_whatever_becomes_of_a_rota_calendars_know_exactly_what_is_theirs(
    steps: list[set[tuple[int, int, bool]]],
) -> None:
    known: dict[str, Event] = {}
    for minute, step in enumerate(steps):
        at = rome(22, 3) + timedelta(minutes=minute)
        ends = {start: (end, withdrawn) for start, end, withdrawn in sorted(step)}
        shifts = [
            Shift("anna", "volunteer", rome(23, start), rome(23, end), withdrawn=withdrawn)
            for start, (end, withdrawn) in ends.items()
        ]
        told = list(changed_events(known.values(), shifts, at))
        assert all(one.sequence == (known[one.uid].sequence + 1 if one.uid in known else 0) for one in told)
        assert all(one.changed_at == at for one in told)
        known |= {one.uid: one for one in told}
        shown = {(one.starts_at, one.ends_at) for one in known.values() if not one.cancelled}
        assert shown == {(one.starts_at, one.ends_at) for one in shifts if not one.withdrawn}
        assert not list(changed_events(known.values(), shifts, at)), "asked again, nothing is new"


@pytest.fixture
def hotline(run: Run, api: Api) -> Callable[..., str]:
    """Run a command that succeeds."""

    def ran(*words: str) -> str:
        code, printed = run(*words)
        assert code == 0, printed
        return printed.strip()

    return ran


def test_from_the_terminal_a_calendar_is_made_listed_and_closed(
    hotline: Callable[..., str], run: Run, api: Api, database: Database
) -> None:
    first = hotline("feed", "new", "--for", "340 0000001").removeprefix("https://hotline.example.org")
    assert re.fullmatch(r"/feeds/[\w-]{43}\.ics", first)
    assert "Anna: made " in hotline("feed", "list")
    assert "last read never" in hotline("feed", "list")
    assert api.client.get(first).status_code == 200
    assert "last read 2026-11-22T03:00" in hotline("feed", "list")
    second = hotline("feed", "new", "--for", "340 0000001").removeprefix("https://hotline.example.org")
    assert api.client.get(first).status_code == 404, "a new one closes the old"
    assert api.client.get(second).status_code == 200
    hotline("feed", "revoke", "--for", "340 0000001")
    assert api.client.get(second).status_code == 404
    assert hotline("feed", "list") == "No calendar yet."
    assert run("feed", "revoke", "--for", "340 0000001")[0] == 1
    with database.reading() as tx:
        noted = [(one.before, one.after, one.why) for one in newest_changes(tx, 9, "feed")]
        assert first.split("/")[-1] not in str([dict(row._mapping) for row in tx.execute(select(access_log))])
    assert noted == [
        ("open", None, "revoked"),
        (None, "open for Anna", None),
        ("open", None, "a new one was made"),
        (None, "open for Anna", None),
    ]
