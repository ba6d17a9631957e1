"""Which telephones stand on the demo page, what can be done with them, and what does each show?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline.demo.cast import CALLER_NUMBER, CAST
from hotline.errors import BadInput
from hotline.simulator.exchange import Exchange
from hotline.simulator.handset import Handset
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry

CALLER = "Chi chiama"
VOICEMAIL_SECONDS = 40.0
"""So long a voicemail box records before it hangs up by itself."""
_LONGEST_LOG = 60
_SHOWN = 16

Language = Callable[[str, str], str]
"""Names the language of a text that is heard on the phone of a role."""


@dataclass
class StagePhone:
    """One telephone of the page: its handset, and what its screen has shown in the present or last call."""

    id: str
    role: str
    handset: Handset
    log: list[tuple[int, Entry]] = field(default_factory=list)
    voicemail: Leg | None = None
    before: str = ""

    @property
    def state(self) -> str:
        """Return idle, ringing, voicemail, talking or line."""
        handset = self.handset
        if handset.leg is None:
            return "idle"
        if handset.is_ringing:
            return "ringing"
        if self.voicemail is handset.leg:
            return "voicemail"
        return "talking" if handset.exchange.talks.names_with(handset) else "line"


class Stage:
    """The telephones of the demo, over one exchange that runs in real time."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.phones: dict[str, StagePhone] = {}
        self._entries = 0
        self._add("caller", "caller", CALLER, CALLER_NUMBER)
        for one in CAST:
            self._add(one.name.lower(), one.role, one.name, one.phone)
        exchange.on_note = self._note

    def _add(self, phone_id: str, role: str, name: str, number: str) -> None:
        self.phones[phone_id] = StagePhone(phone_id, role, self.exchange.add_handset(name, number))

    def act(self, phone_id: str, verb: str, key: str = "", withheld: bool = False) -> None:
        """Do something with a phone; raise BadInput when that is not possible now."""
        phone = self.phones.get(phone_id)
        if phone is None:
            raise BadInput("Questo telefono non c'è.")
        verbs: dict[str, Callable[[], object]] = {
            "dial": lambda: phone.handset.dial(anonymous=withheld),
            "press": lambda: phone.handset.press(_fit_key(key)),
            "answer": phone.handset.answer,
            "decline": phone.handset.decline,
            "voicemail": lambda: self._let_voicemail_answer(phone),
            "hang_up": phone.handset.hang_up,
        }
        if verb not in verbs:
            raise BadInput("Questo tasto non c'è.")
        with self.exchange.lock:
            try:
                verbs[verb]()
            except AssertionError:
                # The phone stopped ringing, or the line was closed, while the finger was on its way.
                raise BadInput("Troppo tardi: la linea è già cambiata.") from None

    def _let_voicemail_answer(self, phone: StagePhone) -> None:
        leg = phone.handset.leg
        phone.handset.answer()
        phone.voicemail = leg
        self.exchange.agenda.after(VOICEMAIL_SECONDS, lambda: self._end_recording(phone, leg))

    def _end_recording(self, phone: StagePhone, leg: Leg | None) -> None:
        if leg is not None and phone.handset.leg is leg:
            phone.handset.hang_up()

    def is_quiet(self) -> bool:
        """Tell whether no call is up anywhere."""
        return all(leg.over for leg in self.exchange.legs.values())

    def _note(self, entry: Entry) -> None:
        self._entries += 1
        for phone in self.phones.values():
            name = phone.handset.name
            if entry.who != name and name not in entry.group:
                continue
            if entry.kind in ("dial", "ring"):
                phone.log = [(number, old) for number, old in phone.log if old.kind == "text"][-2:]
                phone.before = ""
            said = entry.utterance.text if entry.utterance else ""
            if said and said == phone.before:
                continue  # the tone of the next pass: the same sound goes on
            phone.before = said or (phone.before if entry.kind == "wait" else "")
            phone.log = [*phone.log, (self._entries, entry)][-_LONGEST_LOG:]

    def screens(self, language: Language) -> list[dict[str, Any]]:
        """Return what every phone shows; `language` names that of a text heard on a phone."""
        with self.exchange.lock:
            now = self.exchange.now()
            return [self._screen(phone, now, language) for phone in self.phones.values()]

    def _screen(self, phone: StagePhone, now: datetime, language: Language) -> dict[str, Any]:
        handset = phone.handset
        return {
            "id": phone.id,
            "name": handset.name,
            "role": phone.role,
            "number": handset.number,
            "state": phone.state,
            "with": sorted(self.exchange.talks.names_with(handset)),
            "log": [_shown(number, entry, now, phone, language) for number, entry in phone.log[-_SHOWN:]],
        }


def _shown(number: int, entry: Entry, now: datetime, phone: StagePhone, language: Language) -> dict[str, Any]:
    said = entry.utterance
    if said is None:
        others = sorted(entry.group - {phone.handset.name})
        return {"id": number, "kind": entry.kind, "text": " e ".join(others) if others else entry.text}
    heard = len(said.heard_by(now))
    return {
        "id": number,
        "kind": "sound" if said.sound else "speech",
        "text": said.text,
        "heard": heard,
        "over": said.ended_at is not None,
        "lang": language(said.text, phone.role),
    }


def _fit_key(key: str) -> str:
    if len(key) != 1 or key not in "0123456789*#":
        raise BadInput("Questo tasto non c'è.")
    return key
