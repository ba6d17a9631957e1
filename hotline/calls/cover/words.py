"""Which words, texts and addresses has a message about a shift that somebody cannot keep?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.calls.switchboard import Switchboard
from hotline.ivr.prompts import Value, spoken_hour
from hotline.notifications.notice import Channel, Notice
from hotline.oncall.cover import Withdrawal
from hotline.people.person import Person

ASKED, TOLD, TOLD_LAST, MISSING, MISSING_LAST, STOOD_IN = (
    "cover_asked",
    "cannot_now",
    "cannot_now_last",
    "missing",
    "missing_last",
    "stood_in",
)
COVERED, FOUND, THERE, RELEASED, STAYS = (
    "cover_done",
    "cover_found",
    "missing_there",
    "missing_released",
    "missing_stays",
)
"""Kinds of notices; of the last five there are only texts."""

TOLD_ABOUT = "told-"
"""Before the id of a withdrawal: what those are told who must only know."""

NODE_OF = {
    ASKED: "ask",
    TOLD: "told",
    TOLD_LAST: "told_last",
    MISSING: "missing",
    MISSING_LAST: "missing_last",
    STOOD_IN: "stood_in",
}
_TEXT_OF = {
    ASKED: "sms.cover_asked",
    TOLD: "sms.cannot_now",
    TOLD_LAST: "sms.gap",
    COVERED: "sms.covered",
    FOUND: "sms.cover_found",
    MISSING: "sms.missing",
    MISSING_LAST: "sms.missing_last",
    STOOD_IN: "sms.stood_in",
    THERE: "sms.missing_there",
    RELEASED: "sms.missing_released",
    STAYS: "sms.missing_stays",
}
_A_DAY = timedelta(hours=24)
_SHORT = 3


def told_kind(withdrawal: Withdrawal) -> str:
    """Return as what those are told who must know: somebody cannot, or is not heard; the last one, or not."""
    if withdrawal.is_unheard:
        return MISSING_LAST if withdrawal.last_one else MISSING
    return TOLD_LAST if withdrawal.last_one else TOLD


@dataclass(frozen=True)
class Message:
    """What a person is told: which kind of notice about what, of which moment it speaks, and its text."""

    kind: str
    about: str
    moment: datetime
    text: str


def message(board: Switchboard, withdrawal: Withdrawal, kind: str, about: str) -> Message:
    """Return what is told about a shift that somebody cannot keep."""
    return Message(kind, about, withdrawal.until, text_of(board, _TEXT_OF[kind], withdrawal))


def target_of(board: Switchboard, notice: Notice, text: str, person: Person) -> dict[str, object]:
    """Return where and how a message goes out: a text without content, or a call that asks for a key."""
    status_url = board.urls.notice_status(notice.id)
    if notice.channel == Channel.TEXT:
        return {"number": person.phone, "body": text, "status_url": status_url}
    return {
        "number": person.phone,
        "answer_url": board.urls.cover(notice.id, "0", "start"),
        "status_url": status_url,
        "seconds": board.ring_seconds,
    }


def text_of(board: Switchboard, prompt: str, withdrawal: Withdrawal) -> str:
    """Return a text about a shift, as `sms.cover_yours`: date, hours and role, never a name."""
    values = hours_of(board, withdrawal.said_at, withdrawal.until)
    values |= {"roles": role_words(board, withdrawal.role), "line": board.line_number}
    return board.staff_wording.write(board.profile.service.staff_language, prompt, values)


def hours_of(board: Switchboard, begins_at: datetime, ends_at: datetime) -> dict[str, Value]:
    """Return the values of a text about some hours: date, from, and to, with its own date when it is far."""
    begins, ends = _local(board, begins_at), _local(board, ends_at)
    far = ends - begins > _A_DAY
    return {
        "date": _date(board, begins),
        "from": begins.time(),
        "to": f"{_date(board, ends)} {ends.hour}.{ends.minute:02}" if far else ends.time(),
    }


def role_words(board: Switchboard, role: str) -> str:
    """Return how staff call a role."""
    return board.staff_wording.write(board.profile.service.staff_language, f"role.{role}")


def weekday(board: Switchboard, moment: datetime) -> str:
    """Return the name of the day of a local moment."""
    language = board.profile.service.staff_language
    return board.staff_wording.write(language, f"weekday.{moment.weekday()}")


def spoken_until(board: Switchboard, until: datetime, now: datetime) -> str:
    """Say until when, as it follows "fino": the hour, and the day too when it is not within 24 hours."""
    language, local = board.profile.service.staff_language, _local(board, until)
    hour = spoken_hour(board.staff_wording, language, local.hour, local.minute)
    prompt = "until.day" if until - now > _A_DAY else "until.hour"
    values: dict[str, Value] = {"time": hour, "weekday": weekday(board, local), "day": local.day}
    return board.staff_wording.write(language, prompt, values)


def _local(board: Switchboard, moment: datetime) -> datetime:
    return moment.astimezone(board.profile.service.timezone)


def _date(board: Switchboard, moment: datetime) -> str:
    return f"{weekday(board, moment)[:_SHORT]} {moment.day}/{moment.month}"
