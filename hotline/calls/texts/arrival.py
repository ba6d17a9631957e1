"""What does a text that comes in bring about? Somebody reads it; of the staff, it may be a command."""

from dataclasses import dataclass, replace
from secrets import token_hex

from hotline.callers import actions as contacts
from hotline.callers.caller import parse_caller
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts import answers
from hotline.database import Transaction
from hotline.followups import actions as followups
from hotline.followups import alarms
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.people import store as people
from hotline.people.person import Person
from hotline.telephony import refusals
from hotline.texts import store
from hotline.texts.text import IncomingText, Sender
from hotline.texts.words import is_reserved

AT_ONCE, MORNING = "at_once", "morning"


@dataclass(frozen=True)
class TextHeard:
    """A text as Twilio hands it over; `sender` as it was given, for it may be a word."""

    sid: str
    sender: str
    body: str
    pictures: int = 0


def text_comes_in(board: Switchboard, tx: Transaction, heard: TextHeard) -> None:
    """Take in a text, once; our own number writes to nobody."""
    number = parse_caller(heard.sender).number
    if number in (board.line_number, board.sms_number) or store.has_come_in(tx, heard.sid):
        return
    person = people.person_by_phone(tx, number) if number else None
    person = person if person is not None and person.active else None
    zone = board.profile.service.timezone
    # Whoever hides the number may write twice: what the network shows instead keeps the two together.
    known_as = number or f"hidden {heard.sender.casefold()}"
    sender = store.lock_sender(tx, known_as, tx.now.astimezone(zone).date().isoformat())
    contact_comes_in(board, tx, heard, sender, number, person)


def contact_comes_in(
    board: Switchboard,
    tx: Transaction,
    heard: TextHeard,
    sender: Sender,
    number: str | None,
    person: Person | None,
) -> None:
    """Let somebody read a text at once, and answer it neutrally, once a day."""
    text, sender, _ = keep(tx, heard, sender, number, person, AT_ONCE)
    if number is not None and is_reserved(heard.body):
        contacts.decline(tx, text.thread_id, number)
    elif number is not None and sender.may_be_told_once and answers.received(board, tx, text.id, number):
        sender = replace(sender, neutral=1)
    store.keep_sender(tx, sender)


def keep(
    tx: Transaction,
    heard: TextHeard,
    sender: Sender,
    number: str | None,
    person: Person | None,
    grade: str,
) -> tuple[IncomingText, Sender, FollowUp]:
    """Store a text that a person must read; one that follows another is added to what is owed for that."""
    known = owed.lock_of_call(tx, sender.thread_id) if sender.thread_id else None
    still_owed = known if known is not None and known.done_at is None else None
    text_id = token_hex(8)
    thread_id = still_owed.call_id if still_owed is not None else text_id
    body = heard.body or None
    person_id = person.id if person else None
    text = IncomingText(text_id, heard.sid, thread_id, number, body, heard.pictures, person_id, tx.now)
    store.add(tx, text)
    if still_owed is not None:
        follow_up = followups.read_further(tx, still_owed)
    else:
        follow_up = _owe(tx, thread_id, number, grade)
    return text, replace(sender, thread_id=thread_id), follow_up


def _owe(tx: Transaction, thread_id: str, number: str | None, grade: str) -> FollowUp:
    follow_up = followups.read(tx, thread_id, grade, tx.now, alarms.FIRST)
    followups.begin_alarms(tx, follow_up)
    # A text says nothing about being called: an earlier no stands, and nobody has said yes.
    if number is not None and refusals.is_refused(tx, number):
        contacts.decline(tx, thread_id, number)
    else:
        contacts.leave_unasked(tx, thread_id, number)
    return follow_up
