"""Whose phone may practise now, and what does it hear? It says that it is a test, and asks for a key."""

from hotline.calls import store as calls
from hotline.calls.drill.store import is_of_a_real_call
from hotline.calls.heard import staff_words
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.drills import actions, store
from hotline.drills.drill import Drill, Result
from hotline.errors import BadInput
from hotline.ivr.engine import Situation, enter, take_turn
from hotline.ivr.flows.drill_v1 import drill_flow
from hotline.ivr.nodes import Confirm, PassOn
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving.actions import phone_verified
from hotline.telephony.acts import Act, ActState, Outcome
from hotline.telephony.instructions import HangUp, Instruction, Listen

_MANNERS = "#rt=4000&rc=2&rp=ct,rt,5xx"


def begin_drill(
    board: Switchboard, tx: Transaction, person: Person, asked_by: str, with_code: bool = False
) -> Drill:
    """Have a person's phone rung for practice; raise BadInput saying why it cannot be now."""
    if not person.active:
        raise BadInput("no longer active: nobody rings this phone")
    if calls.waiting_calls(tx, ""):
        raise BadInput("somebody is waiting for a person right now: practise later")
    if person.id in calls.people_in_legs(tx, "") | notifications.in_use(tx):
        raise BadInput("this phone is in use for a real call: practise later")
    if actions.is_in_drill(tx, person):
        raise BadInput("this phone already rings for practice: wait for its end")
    drill = actions.new_drill(tx, person, asked_by, with_code)
    target: dict[str, object] = {
        "number": person.phone,
        "answer_url": drill_url(board, drill.id, "start"),
        "status_url": f"{board.urls.public}/twilio/drill-status?drill={drill.id}{_MANNERS}",
        "seconds": board.ring_seconds,
    }
    actions.ring(tx, drill, target)
    return drill


def drill_url(board: Switchboard, drill_id: str, at: str) -> str:
    """Return where the leg of a practice call goes next; every place is passed once, so it is the turn."""
    return f"{board.urls.public}/twilio/drill?drill={drill_id}&at={at}{_MANNERS}"


def drill_turn(
    board: Switchboard, tx: Transaction, drill_id: str, at: str, key: str | None
) -> list[Instruction]:
    """Say that this is a test, or take in the key; a drill that is over has nothing more to say."""
    drill = store.get(tx, drill_id)
    if drill is None or not drill.is_open:
        return [HangUp()]
    actions.answered(tx, drill)
    flow, situation = drill_flow(board.profile), Situation()
    start = flow.start if drill.code is None else "code"
    step = enter(flow, start, situation) if at == "start" else take_turn(flow, at, key, situation)
    for effect in step.does:
        if isinstance(effect, Confirm):
            actions.pressed(tx, drill, Result.CONFIRMED)
            for person in people.people_by_ids(tx, [drill.person_id]):
                phone_verified(tx, person)
        elif isinstance(effect, PassOn):
            actions.pressed(tx, drill, Result.PASSED)
    values: dict[str, Value] = {**flow.spoken_keys, "code": ", ".join(drill.code or "")}
    heard = staff_words(board, None, step.node.says, "", tx.now, values)
    if not step.node.exits:
        return [*heard, HangUp()]
    return [Listen(heard, step.node.seconds, drill_url(board, drill.id, step.node.name))]


def code_told(tx: Transaction, drill_id: str, code: str, by: str) -> bool:
    """Take in the code that somebody at the terminal was told; True where it is the one that was spoken."""
    drill = store.get(tx, drill_id)
    if drill is None or not actions.heard(tx, drill, code):
        return False
    for person in people.people_by_ids(tx, [drill.person_id]):
        phone_verified(tx, person, by, "told the code that was spoken")
    return True


def settle_drill(tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Take in how the ring fared; the leg of a real call, found in its place, is left alone."""
    if outcome.state == ActState.DONE and is_of_a_real_call(tx, outcome.answer):
        outcome = Outcome(ActState.FAILED, error="answer lost")
    actions.settle(tx, act, outcome)
