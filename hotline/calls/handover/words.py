"""Which words and addresses has a message about a hand-over, or about the morning?"""

from collections.abc import Mapping

from hotline.calls.switchboard import Switchboard
from hotline.ivr.flows import handover_v1
from hotline.ivr.prompts import Value
from hotline.notifications.notice import Channel, Notice
from hotline.people.person import Person

MORNING, AFTER_HEAVY, NOTE_WAITS = "morning", "after_heavy", "note_waits"
"""Kinds of notices."""

ASKS, TALK = "handover_asks", "handover"
"""Kinds of the two sides of a hand-over by voice: who asked for it, on their own call, and who is rung."""

NODE_OF = {MORNING: handover_v1.MORNING, TALK: handover_v1.ASK}
"""Where the leg of a notice begins."""

_TEXT_OF = {MORNING: "sms.morning", AFTER_HEAVY: "sms.after_heavy", NOTE_WAITS: "sms.note_waits"}


def target_of(
    board: Switchboard, notice: Notice, person: Person, values: Mapping[str, Value]
) -> dict[str, object]:
    """Return where and how a message goes out: a text without content, or a call that asks for a key."""
    status_url = board.urls.notice_status(notice.id)
    if notice.channel == Channel.TEXT:
        language = board.profile.service.staff_language
        known = {"line": board.line_number, **values}
        body = board.staff_wording.write(language, _TEXT_OF[notice.kind], known)
        return {"number": person.phone, "body": body, "status_url": status_url}
    return {
        "number": person.phone,
        "answer_url": board.urls.handover(notice.id, "0", "start"),
        "status_url": status_url,
        "seconds": board.ring_seconds,
    }
