"""How does a leg carry out the verbs of a document, one after the other?"""

from datetime import timedelta
from enum import Enum

from hotline.simulator.dialing import dial_numbers
from hotline.simulator.leg import Address, Leg, Redirected, Step
from hotline.simulator.program import Program, Wait
from hotline.simulator.rooms import dial_conference
from hotline.simulator.transcript import Utterance, spoken_seconds
from hotline.simulator.twiml_reader import Document, Verb
from hotline.simulator.webhook_client import ApplicationError


class Ending(Enum):
    """How a document came to its end."""

    RAN_OUT = "ran out"
    HANG_UP = "hang up"


Next = Step | Ending | None
MOST_DOCUMENTS_AT_ONCE = 40
MOST_LOOPS = 1000
APOLOGY = "We are sorry, an application error has occurred. Goodbye."
_QUIET = frozenset({"Reject", "Pause", "Redirect"})


def life(leg: Leg, step: Step) -> Program[None]:
    """Follow a leg from its first document until it hangs up."""
    while True:
        try:
            yield from _follow_or_apologise(leg, step)
        except Redirected as moved:
            step = moved.step
            continue
        leg.finish("completed")
        return


def _follow_or_apologise(leg: Leg, step: Step) -> Program[None]:
    try:
        yield from follow(leg, step)
    except ApplicationError:
        leg.exchange.note("trouble", leg.name, "an application error")
        leg.go_live()
        yield from speak(leg, APOLOGY, keys=False)


def follow(leg: Leg, step: Step, context: str = "call") -> Program[Ending]:
    """Fetch and perform document after document until one ends the chain."""
    while True:
        _refuse_endless_loop(leg)
        document = yield from leg.exchange.client.document(leg, step, context)
        outcome = yield from perform(leg, document)
        if isinstance(outcome, Ending):
            return outcome
        step = outcome


def _refuse_endless_loop(leg: Leg) -> None:
    moment, count = leg.documents_now
    now = leg.exchange.now()
    leg.documents_now = (now, count + 1 if moment == now else 1)
    if leg.documents_now[1] > MOST_DOCUMENTS_AT_ONCE:
        leg.exchange.violate("a loop of documents that takes no time")
        raise ApplicationError("endless loop")


def perform(leg: Leg, document: Document) -> Program[Step | Ending]:
    """Carry out the verbs of one document; return where to go on."""
    for verb in document.verbs:
        waits_for_bridge = verb.name == "Dial" and verb.flag("answerOnBridge")
        if verb.name not in _QUIET and not waits_for_bridge:
            leg.go_live()
        outcome = yield from _carry_out(leg, verb, document)
        if outcome is not None:
            return outcome
    return Ending.RAN_OUT


def _carry_out(leg: Leg, verb: Verb, document: Document) -> Program[Next]:
    match verb.name:
        case "Gather":
            return (yield from _gather(leg, verb, document))
        case "Dial":
            return (yield from _dial(leg, verb, document))
        case "Redirect":
            return Step(Address(document.resolve(verb.text), verb.value("method", "POST")))
        case "Reject":
            return _reject(leg, verb)
        case "Hangup":
            return Ending.HANG_UP
        case _:
            yield from sound_out(leg, verb, document, keys=False)
            return None


def listen(leg: Leg, seconds: float) -> Program[str | None]:
    """Return the next key, typed early or within `seconds`, or None."""
    if leg.keys:
        return leg.keys.popleft()
    woke = yield Wait(seconds, keys=True)
    return woke if isinstance(woke, str) else None


def hear(leg: Leg, text: str, seconds: float, sound: bool, keys: bool) -> Program[str | None]:
    """Let the phone hear something; return the key that cut it short, if keys count."""
    if keys and leg.keys:
        return leg.keys.popleft()
    utterance = Utterance(text, leg.exchange.now(), seconds, sound=sound)
    if leg.handset is not None:
        leg.handset.hears(utterance)
    try:
        woke = yield Wait(seconds, keys=keys)
        return woke if isinstance(woke, str) else None
    finally:
        latest = utterance.started_at + timedelta(seconds=seconds)
        utterance.ended_at = min(leg.exchange.now(), latest)


def speak(leg: Leg, text: str, keys: bool) -> Program[str | None]:
    """Let the phone hear a synthetic voice."""
    return (yield from hear(leg, text, spoken_seconds(text), False, keys))


def sound_out(leg: Leg, verb: Verb, document: Document, keys: bool) -> Program[str | None]:
    """Carry out one Say, Play or Pause; return the key that cut it short, if keys count."""
    if verb.name == "Pause":
        seconds = verb.number("length", 1)
        if not keys:
            yield Wait(seconds)
            return None
        return (yield from listen(leg, seconds))
    for _ in range(verb.number("loop", 1) or MOST_LOOPS):
        if verb.name == "Say":
            key = yield from speak(leg, verb.text, keys)
        else:
            key = yield from _play(leg, verb, document, keys)
        if key is not None:
            return key
    return None


def _play(leg: Leg, verb: Verb, document: Document, keys: bool) -> Program[str | None]:
    if "digits" in verb.attributes:
        tones = verb.value("digits")
        return (yield from hear(leg, f"tones {tones}", 0.5 * len(tones), True, keys))
    url = document.resolve(verb.text)
    seconds = yield from leg.exchange.client.sound_seconds(leg, url)
    return (yield from hear(leg, leg.exchange.caption(url), seconds, True, keys))


def _gather(leg: Leg, verb: Verb, document: Document) -> Program[Next]:
    digits, finished_on = yield from _collect(leg, verb, document)
    if not digits and not verb.flag("actionOnEmptyResult"):
        return None
    fields = [("msg", "Gather End"), ("FinishedOnKey", finished_on)]
    if digits:
        fields.insert(0, ("Digits", digits))
    url = document.resolve(verb.value("action")) if verb.value("action") else document.url
    if url is None:
        raise ApplicationError("a Gather without action in a Twiml parameter")
    return Step(Address(url, verb.value("method", "POST")), tuple(fields))


def _collect(leg: Leg, verb: Verb, document: Document) -> Program[tuple[str, str]]:
    most, finish_on = verb.number("numDigits", 0), verb.value("finishOnKey", "#")
    digits = ""
    key = yield from _prompt(leg, verb, document)
    while True:
        if key is None:
            key = yield from listen(leg, verb.number("timeout", 5))
        if key is None:
            return digits, ""
        if key in finish_on:
            return digits, key
        digits, key = digits + key, None
        if len(digits) == most:
            return digits, ""


def _prompt(leg: Leg, verb: Verb, document: Document) -> Program[str | None]:
    for child in verb.children:
        key = yield from sound_out(leg, child, document, keys=True)
        if key is not None:
            return key
    return None


def _reject(leg: Leg, verb: Verb) -> Ending:
    if leg.answered_at is None:
        leg.finish("busy" if verb.value("reason") == "busy" else "no-answer")
    return Ending.HANG_UP


def _dial(leg: Leg, verb: Verb, document: Document) -> Program[Next]:
    if not verb.children:
        return None
    leg.keys.clear()
    if verb.children[0].name == "Conference":
        return (yield from dial_conference(leg, verb, document, follow))
    return (yield from dial_numbers(leg, verb, document, follow, life))
