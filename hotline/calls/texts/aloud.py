"""What does whoever takes a text hear? Its words, who of the staff wrote it, and the number on request."""

from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.people import store as people
from hotline.telephony import refusals
from hotline.texts import store
from hotline.texts.text import IncomingText

_LONGEST = 1500
"""Letters that are read aloud at most: a minute and a half of the newest words."""


def spoken_texts(board: Switchboard, tx: Transaction, thread_id: str) -> dict[str, Value]:
    """Return what the words about a thread of texts need: everything that was written, oldest first."""
    found = store.of_thread(tx, thread_id)
    spoken = [_spoken(board, tx, text) for text in found]
    return {"texts": " ".join(spoken)[-_LONGEST:].strip()}


def number_to_say(tx: Transaction, thread_id: str) -> str | None:
    """Return the number that wrote, for a person to decide about; none when it is hidden or has refused."""
    sender = next((text.sender for text in store.of_thread(tx, thread_id) if text.sender), None)
    return None if sender is None or refusals.is_refused(tx, sender) else sender


def _spoken(board: Switchboard, tx: Transaction, text: IncomingText) -> str:
    writers = people.people_by_ids(tx, {text.person_id} if text.person_id else ())
    parts = [_said(board, "alarm.text_from", {"name": one.name.partition(" ")[0]}) for one in writers]
    # Signs that no voice can say would make a document that nobody can read.
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text.body or "").split())
    parts.append(f"«{words.lstrip('+')}»." if words else _said(board, "alarm.text_empty", {}))
    if text.pictures:
        parts.append(_said(board, "alarm.text_pictures", {}))
    return " ".join(parts)


def _said(board: Switchboard, prompt: str, values: dict[str, Value]) -> str:
    return board.staff_wording.write(board.profile.service.staff_language, prompt, values)
