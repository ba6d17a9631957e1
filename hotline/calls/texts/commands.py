"""What does a command that a member of staff texts bring about, and what goes back, without content?"""

from collections.abc import Callable, Mapping
from datetime import datetime

from hotline.calls.cover.telling import cannot_now, take_cover
from hotline.calls.cover.words import hours_of
from hotline.calls.forms.actions import note_latest
from hotline.calls.presence.heard import check_in, note_leaving, reachable
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts.away import away
from hotline.calls.texts.offered import (
    Obeyed,
    cannot_later,
    give_back,
    offer_next,
    take_offered,
    withdraw_offered,
)
from hotline.database import Transaction
from hotline.handovers.actions import is_on_or_was, write_note
from hotline.handovers.note import LONGEST
from hotline.ivr.prompts import Value
from hotline.oncall.actions import duty_status
from hotline.oncall.cover import CannotOutcome, CoverOutcome
from hotline.oncall.presence.actions import say_cannot
from hotline.people import actions as people
from hotline.people.person import Person
from hotline.texts.words import Command, words_of_note


def obey(board: Switchboard, tx: Transaction, person: Person, command: Command, text: str = "") -> Obeyed:
    """Do what a text asks for; what is no command is for a person to read."""
    if command == Command.NOTE:
        return _note(tx, person, words_of_note(text))
    if command == Command.AWAY:
        return away(board, tx, person, text)
    found = _OBEYING.get(command)
    return found(board, tx, person) if found is not None else Obeyed("sms.commands", to_read=True)


def _commands(_board: Switchboard, _tx: Transaction, _person: Person) -> Obeyed:
    return Obeyed("sms.commands")


def _start(_board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    people.start_texts(tx, person.id)
    return Obeyed("sms.started")


def _stop(_board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    people.stop_texts(tx, person.id)
    return Obeyed(to_read=person.takes_texts)


def _duty(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    status = duty_status(tx, person.id, tx.now)
    if status.until is not None:
        prompt = "sms.withdrawn" if status.withdrawn else "sms.on_duty"
        return Obeyed(prompt, _until(board, tx.now, status.until))
    if not status.next_shifts:
        return Obeyed("sms.no_shift")
    coming = status.next_shifts[0]
    return Obeyed("sms.next_shift", hours_of(board, coming.starts_at, coming.ends_at))


def _confirm(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    shift = check_in(board, tx, person)
    if shift is None:
        return _duty(board, tx, person)
    return Obeyed("sms.confirmed", hours_of(board, shift.starts_at, shift.ends_at))


def _leave(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    found = note_leaving(tx, person)
    if found is None:
        return _duty(board, tx, person)
    until = _until(board, tx.now, found.until)
    if found.early:
        return Obeyed("sms.left_early", until)
    return Obeyed("sms.left", {**until, "count": found.owed, "mine": found.mine})


def _cannot(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    said = cannot_now(board, tx, person, "text")
    if said.outcome == CannotOutcome.OFF_DUTY:
        return cannot_later(board, tx, person, say_cannot(tx, person))
    return Obeyed("sms.cannot_last" if said.last_one else "sms.cannot_noted")


def _take(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    # Whoever was not heard, and writes this, is there.
    reachable(board, tx, person)
    cover = take_cover(board, tx, person)
    # The rest of a shift that runs comes first; then what they were asked for last.
    if cover.outcome not in (CoverOutcome.YOURS, CoverOutcome.BACK):
        offered = take_offered(board, tx, person, also_over=cover.outcome == CoverOutcome.NOTHING)
        if offered is not None:
            return offered
    until = cover.withdrawal.until if cover.withdrawal is not None else tx.now
    match cover.outcome:
        case CoverOutcome.YOURS:
            return Obeyed("sms.cover_yours", hours_of(board, tx.now, until))
        case CoverOutcome.BACK | CoverOutcome.ON_DUTY:
            return Obeyed("sms.on_duty", _until(board, tx.now, until))
        case CoverOutcome.TAKEN:
            return Obeyed("sms.cover_taken")
        case _:
            return Obeyed("sms.no_cover")


def _note(tx: Transaction, person: Person, words: str) -> Obeyed:
    """Keep a note for the next shift; of somebody off duty it is a text that a coordinator reads."""
    if not words:
        return Obeyed("sms.note_how")
    if not is_on_or_was(tx, person):
        return Obeyed("sms.cannot_later", to_read=True)
    write_note(tx, person, words[:LONGEST], "text")
    return Obeyed("sms.note_saved")


def _form(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    """Note that the form of the latest call of theirs is written, of which that was not known."""
    noted = note_latest(tx, person, "texted it")
    if noted is None:
        return Obeyed("sms.form_none")
    at = hours_of(board, noted.call.came_in_at, noted.call.came_in_at)
    return Obeyed("sms.form_noted", {"date": at["date"], "time": at["from"], "count": noted.left})


def _until(board: Switchboard, now: datetime, until: datetime) -> dict[str, Value]:
    return {"to": hours_of(board, now, until)["to"]}


_OBEYING: Mapping[Command, Callable[[Switchboard, Transaction, Person], Obeyed]] = {
    Command.DUTY: _duty,
    Command.OK: _confirm,
    Command.CHECK_OUT: _leave,
    Command.CANNOT: _cannot,
    Command.TAKE: _take,
    Command.OFFER: offer_next,
    Command.WITHDRAW: withdraw_offered,
    Command.GIVE_BACK: give_back,
    Command.FORM: _form,
    Command.START: _start,
    Command.STOP: _stop,
    Command.COMMANDS: _commands,
}
