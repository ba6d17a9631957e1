"""What does a command that a member of staff texts bring about, and what goes back, without content?"""

from datetime import datetime

from hotline.calls.cover.telling import cannot_now, take_cover
from hotline.calls.cover.words import hours_of
from hotline.calls.switchboard import Switchboard
from hotline.calls.texts.offered import Obeyed, cannot_later, obey_about_offers, take_offered
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.oncall.actions import confirm_shift, duty_status
from hotline.oncall.cover import CannotOutcome, CoverOutcome
from hotline.people import store as people
from hotline.people.person import Person
from hotline.texts.words import Command


def obey(board: Switchboard, tx: Transaction, person: Person, command: Command) -> Obeyed:
    """Do what a text asks for; what is no command is for a person to read."""
    match command:
        case Command.DUTY:
            return _duty(board, tx, person)
        case Command.OK:
            return _confirm(board, tx, person)
        case Command.CANNOT:
            return _cannot(board, tx, person)
        case Command.TAKE:
            return _take(board, tx, person)
        case Command.OFFER | Command.LEAVE | Command.WITHDRAW:
            return obey_about_offers(board, tx, person, command)
        case Command.START:
            people.start_texts(tx, person.id)
            return Obeyed("sms.started")
        case Command.STOP:
            people.stop_texts(tx, person.id)
            return Obeyed(to_read=person.takes_texts)
        case Command.COMMANDS:
            return Obeyed("sms.commands")
        case _:
            return Obeyed("sms.commands", to_read=True)


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
    shift = confirm_shift(tx, person.id, tx.now)
    if shift is None:
        return _duty(board, tx, person)
    return Obeyed("sms.confirmed", hours_of(board, shift.starts_at, shift.ends_at))


def _cannot(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
    said = cannot_now(board, tx, person, "text")
    if said.outcome == CannotOutcome.OFF_DUTY:
        return cannot_later(board, tx, person)
    return Obeyed("sms.cannot_last" if said.last_one else "sms.cannot_noted")


def _take(board: Switchboard, tx: Transaction, person: Person) -> Obeyed:
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


def _until(board: Switchboard, now: datetime, until: datetime) -> dict[str, Value]:
    return {"to": hours_of(board, now, until)["to"]}
