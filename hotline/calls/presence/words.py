"""Which words, texts and addresses has a question about a shift?"""

from collections.abc import Mapping
from datetime import timedelta

from hotline.calls.cover.words import hours_of, role_words, spoken_until, weekday
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.notifications.notice import Channel, Notice
from hotline.oncall.presence.check import Check
from hotline.people.person import Person

ASK, BEGUN, NIGHT, ADDED, CANNOT_COME = "ask", "begun", "night", "added", "cannot_come"
"""Kinds of notices about a check; each that is rung is a node of the flow."""

NODES = frozenset({ASK, BEGUN, NIGHT, ADDED})


def target_of(
    board: Switchboard, tx: Transaction, notice: Notice, check: Check, person: Person
) -> dict[str, object]:
    """Return where and how a question goes out: a text without content, or a call that asks for a key."""
    status_url = board.urls.notice_status(notice.id)
    if notice.channel == Channel.TEXT:
        return {"number": person.phone, "body": _text(board, tx, notice, check), "status_url": status_url}
    return {
        "number": person.phone,
        "answer_url": board.urls.presence(notice.id, "0", "start"),
        "status_url": status_url,
        "seconds": board.ring_seconds,
    }


def _text(board: Switchboard, tx: Transaction, notice: Notice, check: Check) -> str:
    values = hours_of(board, check.starts_at, check.ends_at)
    values |= {"roles": role_words(board, check.role), "line": board.line_number}
    prompt = {BEGUN: "sms.not_heard", ADDED: "sms.added", CANNOT_COME: "sms.cannot_come"}.get(notice.kind)
    prompt = prompt or ("sms.tomorrow" if _is_tomorrow(board, tx, check) else "sms.soon")
    return board.staff_wording.write(board.profile.service.staff_language, prompt, values)


def spoken_values(board: Switchboard, tx: Transaction, check: Check) -> Mapping[str, Value]:
    """Return what the words of the leg need."""
    zone = board.profile.service.timezone
    begins, ends = check.starts_at.astimezone(zone), check.ends_at.astimezone(zone)
    return {
        "weekday": weekday(board, begins),
        "day": begins.day,
        "from": begins.time(),
        "to": ends.time(),
        "until": spoken_until(board, check.ends_at, tx.now),
        "roles": role_words(board, check.role),
    }


def _is_tomorrow(board: Switchboard, tx: Transaction, check: Check) -> bool:
    zone = board.profile.service.timezone
    today = tx.now.astimezone(zone).date()
    return check.starts_at.astimezone(zone).date() == today + timedelta(days=1)
