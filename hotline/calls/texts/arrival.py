"""What does a text that comes in bring about? Somebody reads it; of the staff, it may be a command."""

from dataclasses import dataclass, replace
from secrets import token_hex

from hotline.callers import actions as contacts
from hotline.callers.caller import parse_caller
from hotline.calls.promise.alarms import STAFF_TEXT, STOPPED, text_coordinators
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts import answers
from hotline.calls.texts.commands import obey
from hotline.calls.texts.offered import Obeyed
from hotline.database import Transaction
from hotline.followups import actions as followups
from hotline.followups import alarms
from hotline.followups import store as owed
from hotline.followups.followup import due_hour
from hotline.people import store as people
from hotline.people.person import Person
from hotline.telephony import refusals
from hotline.texts import store
from hotline.texts.text import IncomingText, Sender
from hotline.texts.words import ASKS_OTHERS, Command, command_of, is_reserved

AT_ONCE, MORNING = "at_once", "morning"


@dataclass(frozen=True)
class TextHeard:
    """A text as Twilio hands it over; `sender` as it was given, for it may be a word."""

    sid: str
    sender: str
    body: str
    pictures: int = 0


@dataclass
class _Arrival:
    """One text on its way in: whose it is, and what is known of the phone."""

    board: Switchboard
    tx: Transaction
    heard: TextHeard
    number: str | None
    person: Person | None
    sender: Sender
    id: str


def text_comes_in(board: Switchboard, tx: Transaction, heard: TextHeard) -> None:
    """Take in a text, once; our own number writes to nobody."""
    number = parse_caller(heard.sender).number
    if number in (board.line_number, board.sms_number) or store.has_come_in(tx, heard.sid):
        return
    # Whoever hides the number may write twice: what the network shows instead keeps the two together.
    known_as = number or f"hidden {heard.sender.casefold()}"
    day = tx.now.astimezone(board.profile.service.timezone).date().isoformat()
    sender = store.lock_sender(tx, known_as, day)
    person = people.person_by_phone(tx, number) if number else None
    at_work = person if person is not None and person.active else None
    arrival = _Arrival(board, tx, heard, number, at_work, sender, token_hex(8))
    command = command_of(heard.body)
    if at_work is None or command == Command.HELP:
        _contact_comes_in(arrival)
    else:
        _staff_text_comes_in(arrival, at_work, command)
    store.keep_sender(tx, arrival.sender)


def _contact_comes_in(arrival: _Arrival) -> None:
    """Let somebody read a text at once, and answer it neutrally, once a day."""
    thread_id = _keep(arrival, AT_ONCE, alarms.FIRST)
    number, sender = arrival.number, arrival.sender
    if number is None:
        return
    if arrival.person is None and is_reserved(arrival.heard.body):
        contacts.decline(arrival.tx, thread_id, number)
    elif sender.may_be_told_once and (arrival.person is None or arrival.person.takes_texts):
        told = answers.received(arrival.board, arrival.tx, arrival.id, number)
        arrival.sender = replace(sender, neutral=int(told))


def _staff_text_comes_in(arrival: _Arrival, person: Person, command: Command) -> None:
    """Obey a command; what only a person can understand, a coordinator reads: at night, in the morning."""
    board, tx = arrival.board, arrival.tx
    obeyed = _obeyed(arrival, person, command)
    if obeyed.to_read:
        grade = MORNING if board.profile.is_night(tx.now) else AT_ONCE
        thread_id = _keep(arrival, grade, alarms.COORDINATORS)
        kind = STOPPED if command == Command.STOP else STAFF_TEXT
        text_coordinators(board, tx, thread_id, kind, person.id)
    # The list of commands goes out once a day unasked: two machines could go on for ever.
    unasked = command == Command.NONE
    sender = arrival.sender
    if obeyed.prompt is None or not sender.may_be_answered or (unasked and not sender.may_be_told_once):
        return
    person = replace(person, takes_texts=person.takes_texts or command == Command.START)
    told = answers.answer(board, tx, arrival.id, person, obeyed.prompt, obeyed.values or {})
    if told or command in ASKS_OTHERS:
        neutral = sender.neutral or int(unasked)
        arrival.sender = replace(sender, answers=sender.answers + 1, neutral=neutral)


def _obeyed(arrival: _Arrival, person: Person, command: Command) -> Obeyed:
    """Do what a text asks for; what asks too much of others on one day is for a person to read.

    A sender's number can be forged, and two machines never tire. Who cannot now, or can, is always believed.
    """
    if command in ASKS_OTHERS and not arrival.sender.may_be_answered:
        return Obeyed(to_read=True)
    return obey(arrival.board, arrival.tx, person, command, arrival.heard.body)


def _keep(arrival: _Arrival, grade: str, first: int) -> str:
    """Store a text that a person must read, and return its thread: what is owed already is added to."""
    tx, heard, sender = arrival.tx, arrival.heard, arrival.sender
    known = owed.lock_of_call(tx, sender.thread_id) if sender.thread_id else None
    still_owed = known if known is not None and known.done_at is None else None
    thread_id = still_owed.call_id if still_owed is not None else arrival.id
    person_id = arrival.person.id if arrival.person else None
    text = IncomingText(
        arrival.id,
        heard.sid,
        thread_id,
        arrival.number,
        heard.body or None,
        heard.pictures,
        person_id,
        tx.now,
    )
    store.add(tx, text)
    arrival.sender = replace(sender, thread_id=thread_id)
    if still_owed is not None:
        followups.read_further(tx, still_owed, grade)
    else:
        _owe(arrival, grade, first)
    return thread_id


def _owe(arrival: _Arrival, grade: str, first: int) -> None:
    board, tx, number = arrival.board, arrival.tx, arrival.number
    due_at = tx.now if grade == AT_ONCE else due_hour(tx.now, grade, board.profile.service.timezone)
    followups.begin_alarms(tx, followups.read(tx, arrival.id, grade, due_at, first))
    # A text says nothing about being called: an earlier no stands, and nobody has said yes.
    if number is not None and refusals.is_refused(tx, number):
        contacts.decline(tx, arrival.id, number)
    else:
        contacts.leave_unasked(tx, arrival.id, number)
