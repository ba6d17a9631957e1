"""Which words, texts and addresses has a message about changed shifts, or about a gap?"""

from collections.abc import Iterable

from hotline.calls.cover.words import hours_of, spoken_until, weekday
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value, spoken_hour
from hotline.notifications.notice import Channel, Notice, takes_texts
from hotline.oncall import store as oncall
from hotline.oncall.holes.holes import BACKUP, LEVELS, OF_THE_DAY, Alarm
from hotline.oncall.news.news import Change
from hotline.oncall.presence.due import Block
from hotline.oncall.shifts import Shift
from hotline.people.person import Person
from hotline.people.terms import Terms, ToldBy
from hotline.profile import ROLES

NEWS, GAP = "shift_news", "gap"
"""Kinds of notices."""

_MOST_ROLES = 3


def channel_for(person: Person, terms: Terms, sms_number: str) -> Channel:
    """Return how somebody is told: as they chose, but by a call where they cannot be texted."""
    texts = terms.told_by == ToldBy.TEXT and takes_texts(person, sms_number)
    return Channel.TEXT if texts else Channel.CALL


def target_of(board: Switchboard, notice: Notice, person: Person, body: str) -> dict[str, object]:
    """Return where and how a message goes out: a text, or a call that asks for a key."""
    status_url = board.urls.notice_status(notice.id)
    if notice.channel == Channel.TEXT:
        return {"number": person.phone, "body": body, "status_url": status_url}
    return {
        "number": person.phone,
        "answer_url": board.urls.telling(notice.id, "0", "start"),
        "status_url": status_url,
        "seconds": board.ring_seconds,
    }


def news_text(
    board: Switchboard, tx: Transaction, person_id: str, change: Change, put_on: Block | None = None
) -> str:
    """Return the text about somebody's changed shifts: how many, and which is the next.

    Whoever is `put_on` by it while it runs is asked to answer.
    """
    values: dict[str, Value] = {"changes": _counted(board, change), "line": board.line_number}
    if put_on is not None:
        return _write(board, "sms.news_now", {**values, **hours_of(board, tx.now, put_on.ends_at)})
    coming = _first_to_know(tx, person_id, change)
    if coming is None:
        return _write(board, "sms.news_none", values)
    return _write(board, "sms.news", {**values, **hours_of(board, coming.starts_at, coming.ends_at)})


def news_values(board: Switchboard, tx: Transaction, person_id: str, change: Change) -> dict[str, Value]:
    """Return what the spoken words about changed shifts need."""
    coming = _first_to_know(tx, person_id, change)
    if coming is None:
        following = _write(board, "news.no_next")
    elif coming.starts_at <= tx.now:
        following = _write(board, "news.now", {"until": spoken_until(board, coming.ends_at, tx.now)})
    else:
        local = coming.starts_at.astimezone(board.profile.service.timezone)
        language = board.profile.service.staff_language
        hour = spoken_hour(board.staff_wording, language, local.hour, local.minute)
        said: dict[str, Value] = {"weekday": weekday(board, local), "day": local.day, "time": hour}
        following = _write(board, "news.next", said)
    return {"changes": _counted(board, change), "next": following}


def _first_to_know(tx: Transaction, person_id: str, change: Change) -> Shift | None:
    """Return the shift that somebody must hear of first: one that is theirs from now on, else the next."""
    running = sorted((one for one in change.gained if one.starts_at <= tx.now), key=lambda one: one.starts_at)
    return next(iter((*running, *oncall.next_shifts(tx, person_id, tx.now, 1))), None)


def gap_text(board: Switchboard, alarms: Iterable[Alarm]) -> str:
    """Return the text of one message about gaps: from when to when, and who is missing."""
    told = tuple(alarms)
    values: dict[str, Value] = {
        **hours_of(board, told[0].starts_at, told[0].ends_at),
        "roles": _roles(board, told),
        "missing": _roles(board, told),
        "line": board.line_number,
        "count": told[0].gaps,
    }
    of_the_day = told[0].stage == OF_THE_DAY and told[0].gaps > 1
    return _write(board, "sms.gaps" if of_the_day else "sms.gap", values)


def gap_values(board: Switchboard, alarms: Iterable[Alarm]) -> dict[str, Value]:
    """Return what the spoken words about gaps need."""
    told = tuple(alarms)
    local = told[0].starts_at.astimezone(board.profile.service.timezone)
    language = board.profile.service.staff_language
    hour = spoken_hour(board.staff_wording, language, local.hour, local.minute)
    return {
        "missing": _roles(board, told),
        "count": told[0].gaps,
        "weekday": weekday(board, local),
        "day": local.day,
        "from": hour,
        "until": spoken_until(board, told[0].ends_at, told[0].starts_at),
    }


def _roles(board: Switchboard, alarms: Iterable[Alarm]) -> str:
    """Name who is missing, people before reserves; so many that a text can hold them."""
    missing = {one.role for one in alarms}
    named = [role for role in (*ROLES, BACKUP, LEVELS) if role in missing]
    return ", ".join(_write(board, f"role.{role}") for role in named[:_MOST_ROLES])


def _counted(board: Switchboard, change: Change) -> str:
    parts = []
    for word, shifts in (("new", change.gained), ("gone", change.lost)):
        if shifts:
            one = "_one" if len(shifts) == 1 else ""
            parts.append(_write(board, f"news.{word}{one}", {"count": len(shifts)}))
    return ", ".join(parts)


def _write(board: Switchboard, prompt: str, values: dict[str, Value] | None = None) -> str:
    return board.staff_wording.write(board.profile.service.staff_language, prompt, values or {})
