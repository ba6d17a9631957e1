"""What goes back to whoever texted? One text, which nobody gets who may not be texted."""

from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.prompts import Value
from hotline.notifications.actions import UNSUBSCRIBED
from hotline.notifications.notice import can_text
from hotline.people import store as people
from hotline.people.actions import stop_texts
from hotline.people.person import Person
from hotline.phone_number import is_dialable
from hotline.telephony import acts
from hotline.telephony.acts import Act, ActKind, Outcome, Priority
from hotline.telephony.line import NumberRefused

ANSWER = "answer"
"""Purpose of our acts."""

_SECOND_LANGUAGE = "en"


def received(board: Switchboard, tx: Transaction, text_id: str, number: str) -> bool:
    """Text the neutral words in two languages; False when this number cannot be texted, or may not be."""
    wording, first = board.callers_wording, board.profile.default_language
    known = [language.code for language in board.profile.languages]
    languages = dict.fromkeys([first, *(code for code in known if code == _SECOND_LANGUAGE)])
    body = " ".join(wording.write(language, "text.received", {}) for language in languages)
    return _text(board, tx, text_id, number, body, duty=False)


def answer(
    board: Switchboard, tx: Transaction, text_id: str, person: Person, prompt: str, values: dict[str, Value]
) -> bool:
    """Text a member of staff what they asked for, without content; False when there is no way."""
    if not person.takes_texts:
        return False
    language = board.profile.service.staff_language
    body = board.staff_wording.write(language, prompt, {"line": board.line_number, **values})
    return _text(board, tx, text_id, person.phone, body, duty=True)


def settle(tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Take in that an answer went out; Twilio may know of a STOP that never reached us."""
    if outcome.error == UNSUBSCRIBED:
        person = people.person_by_phone(tx, str(act.target["number"]))
        if person is not None:
            stop_texts(tx, person.id, "Twilio refuses texts to them: they wrote STOP")


def _text(board: Switchboard, tx: Transaction, text_id: str, number: str, body: str, duty: bool) -> bool:
    if not can_text(number, board.sms_number) or not is_dialable(number, board.countries):
        return False
    target = {"number": number, "body": body, "status_url": board.urls.notice_status(text_id)}
    act = Act(ActKind.TEXT, ANSWER, text_id, f"text:{text_id}", Priority.ALARM, target, duty=duty)
    try:
        acts.intend(tx, act)
    except NumberRefused:
        return False
    return True
