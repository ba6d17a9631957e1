"""What does the staff door know of the hand-over: notes that wait, their words, and who can be called?"""

from collections.abc import Iterable
from dataclasses import replace

from hotline.calls.staff.words import Known
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.handovers.actions import colleagues_of, hear, notes_for
from hotline.handovers.note import Note, to_read
from hotline.ivr.flows.staff_v1 import NOTES
from hotline.ivr.nodes import Say
from hotline.ivr.prompts import spoken_hour
from hotline.people import store as people
from hotline.people.person import Person


def with_handover(
    board: Switchboard, tx: Transaction, person: Person, known: Known, says: Iterable[Say]
) -> Known:
    """Add what is known of the hand-over; where notes are read out now, who hears them is written down."""
    change = colleagues_of(tx, person.id)
    side = change.side if change is not None else None
    on_duty = known.status is not None and known.status.until is not None
    unheard, every = notes_for(tx, person.id) if on_duty else ((), ())
    read_out = ""
    if any(say.prompt == NOTES for say in says):
        now = to_read(unheard or every)
        hear(tx, now, person.id)
        read_out = " ".join(_spoken(board, tx, note) for note in now)
        unheard = tuple(note for note in unheard if note not in now)
    return replace(known, note_waits=bool(unheard), notes=bool(every), read_out=read_out, side=side)


def _spoken(board: Switchboard, tx: Transaction, note: Note) -> str:
    """Return a note as it is read: who left it, when, and its words without signs that no voice can say."""
    service = board.profile.service
    names = [one.name.partition(" ")[0] for one in people.people_by_ids(tx, {note.person_id})]
    wording, language = board.staff_wording, service.staff_language
    local = note.written_at.astimezone(service.timezone)
    at = spoken_hour(wording, language, local.hour, local.minute)
    lead = wording.write(language, "staff.note_from", {"name": "".join(names), "time": at})
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in note.words).split())
    return f"{lead} «{words.lstrip('+')}»."
