"""Where does a leg go at the start of a turn, for every state in which a call can be?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hotline.calls.call import (
    LEG_LIFECYCLE,
    Call,
    CallOutcome,
    Leg,
    LegEvent,
    LegState,
    Whereto,
    have_met,
    outcome_of,
    responder_where_now,
    where_now,
)
from hotline.ivr.nodes import Position

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CALL = Call(
    id="call",
    sid="CA" + "0" * 32,
    caller=None,
    caller_hash=None,
    withheld=True,
    flow_version=1,
    position=Position.HOLD,
    node="hold",
    turn=3,
    language="it",
    category=None,
    flags=frozenset(),
    keys=(),
    said=0,
    came_in_at=NOW,
    rung_at=NOW,
)
CLAIMED = replace(CALL, winner="leg", room="room")
TALKING = replace(CLAIMED, position=Position.ROOM, joined_at=NOW)
LEFT = replace(CALL, caller_left_at=NOW, ended_at=NOW, position=Position.OVER)
LEG = Leg(
    id="leg",
    call_id="call",
    person_id="person",
    role="volunteer",
    sid=None,
    state=LegState.WHISPER,
    node="whisper",
    turn=0,
    result=None,
    created_at=NOW,
)
IN_ROOM = replace(LEG, state=LegState.ROOM, node="room")
EVERY_CALL = tuple(
    replace(
        CALL,
        position=position,
        winner=winner,
        room=room,
        between_at=between,
        caller_left_at=left,
        joined_at=joined,
    )
    for position, winner, room, between, left, joined in product(
        Position, (None, "leg"), (None, "room"), (None, NOW), (None, NOW), (None, NOW)
    )
)


# The caller's leg


def test_a_waiting_caller_follows_the_flow() -> None:
    assert where_now(CALL, moved=False, being_moved=False) == Whereto.FLOW


def test_the_redirect_brings_a_claimed_caller_into_the_room() -> None:
    assert where_now(CLAIMED, moved=True, being_moved=True) == Whereto.ROOM


def test_a_pass_waits_while_the_redirect_is_being_sent() -> None:
    assert where_now(CLAIMED, moved=False, being_moved=True) == Whereto.WAIT


def test_a_pass_joins_by_itself_when_no_redirect_is_under_way() -> None:
    assert where_now(CLAIMED, moved=False, being_moved=False) == Whereto.ROOM


def test_after_a_room_a_caller_whose_responder_is_still_there_waits_for_the_next_one() -> None:
    between = replace(CLAIMED, room=None, between_at=NOW)
    assert where_now(between, moved=False, being_moved=False) == Whereto.BETWEEN


def test_the_next_room_needs_no_redirect() -> None:
    assert where_now(replace(CLAIMED, between_at=NOW), moved=False, being_moved=True) == Whereto.ROOM


def test_a_caller_whose_responder_is_gone_is_told() -> None:
    gone = replace(CALL, between_at=NOW)
    assert where_now(gone, moved=False, being_moved=False) == Whereto.LOST


@pytest.mark.parametrize("moved", [True, False])
def test_a_caller_who_left_is_never_taken_anywhere(moved: bool) -> None:
    left = (call for call in EVERY_CALL if call.caller_left_at is not None)
    assert {where_now(call, moved, being_moved=False) for call in left} == {Whereto.OVER}


@pytest.mark.parametrize("moved", [True, False])
@pytest.mark.parametrize("being_moved", [True, False])
def test_a_caller_enters_a_room_only_when_somebody_has_claimed_and_the_room_is_open(
    moved: bool, being_moved: bool
) -> None:
    for call in EVERY_CALL:
        if where_now(call, moved, being_moved) == Whereto.ROOM:
            assert call.winner is not None
            assert call.room is not None
            assert call.caller_left_at is None


def test_redirect_and_pass_never_both_move_the_caller() -> None:
    waiting = (call for call in EVERY_CALL if call.position == Position.HOLD and call.between_at is None)
    for call in waiting:
        assert where_now(call, moved=False, being_moved=True) != Whereto.ROOM


# A responder's leg


def test_who_listens_to_the_whisper_follows_the_flow() -> None:
    assert responder_where_now(CALL, LEG) == Whereto.FLOW


def test_who_is_slower_hears_that_a_colleague_has_it() -> None:
    assert responder_where_now(replace(CLAIMED, winner="other"), LEG) == Whereto.LOST


def test_the_winner_enters_the_room() -> None:
    assert responder_where_now(CLAIMED, IN_ROOM) == Whereto.ROOM


def test_at_the_end_of_a_room_the_responder_waits_for_the_callers_own_report() -> None:
    assert responder_where_now(replace(TALKING, room=None), IN_ROOM) == Whereto.BETWEEN


def test_the_caller_is_back_in_the_hold_so_both_meet_again() -> None:
    back = replace(TALKING, room=None, position=Position.HOLD, between_at=NOW)
    assert responder_where_now(back, IN_ROOM) == Whereto.ROOM


def test_after_a_conversation_the_responder_is_thanked() -> None:
    assert responder_where_now(replace(LEFT, joined_at=NOW), IN_ROOM) == Whereto.THANKS


@pytest.mark.parametrize(("node", "joined_at"), [("room", None), ("gone", NOW)])
def test_who_waited_for_a_caller_who_never_came_is_told_that_they_left(
    node: str, joined_at: datetime | None
) -> None:
    waited = replace(IN_ROOM, node=node)
    assert responder_where_now(replace(LEFT, joined_at=joined_at), waited) == Whereto.GONE


@pytest.mark.parametrize("state", LegState)
def test_a_closed_leg_goes_nowhere(state: LegState) -> None:
    closed = replace(LEG, state=state, ended_at=NOW)
    assert {responder_where_now(call, closed) for call in EVERY_CALL} == {Whereto.OVER}


def test_only_a_leg_that_claimed_or_joined_enters_a_room() -> None:
    for call, state in product(EVERY_CALL, LegState):
        if responder_where_now(call, replace(LEG, state=state)) == Whereto.ROOM:
            assert state == LegState.ROOM
            assert call.caller_left_at is None


# Lifecycles


def test_a_leg_never_comes_back_from_its_end() -> None:
    assert not [state for state, _ in LEG_LIFECYCLE if state == LegState.ENDED]


@pytest.mark.parametrize("state", [state for state in LegState if state != LegState.ENDED])
def test_a_leg_can_end_in_every_state(state: LegState) -> None:
    assert LEG_LIFECYCLE[state, LegEvent.OVER] == LegState.ENDED


def test_a_leg_never_goes_backwards() -> None:
    order = list(LegState)
    for (before, _), after in LEG_LIFECYCLE.items():
        assert order.index(after) > order.index(before)


def test_only_a_whisper_can_claim() -> None:
    assert {state for state, event in LEG_LIFECYCLE if event == LegEvent.CLAIMED} == {LegState.WHISPER}


# What it was in the end


def test_the_rooms_own_word_is_proof() -> None:
    assert have_met(NOW, None, NOW + timedelta(seconds=60)) == NOW


@pytest.mark.parametrize(("seconds", "met"), [(0, False), (2.9, False), (3, True), (60, True)])
def test_without_the_rooms_word_both_must_have_been_in_it_for_a_while(seconds: float, met: bool) -> None:
    assert (have_met(None, NOW, NOW + timedelta(seconds=seconds)) is not None) == met


def test_who_never_joined_never_met() -> None:
    assert have_met(None, None, NOW) is None


@pytest.mark.parametrize(
    ("met", "promised", "tried", "told", "outcome"),
    [
        (True, True, True, True, CallOutcome.ANSWERED),
        (False, True, True, True, CallOutcome.PROMISED),
        (False, False, True, False, CallOutcome.UNREACHED),
        (False, False, False, True, CallOutcome.UNREACHED),
        (False, False, False, False, CallOutcome.ABANDONED),
    ],
)
def test_the_outcome_says_the_best_that_happened(
    met: bool, promised: bool, tried: bool, told: bool, outcome: CallOutcome
) -> None:
    call = replace(CALL, honest_at=NOW if told else None)
    assert outcome_of(call, met, promised, tried) == outcome


# May phones ring?


@pytest.mark.parametrize(
    "call",
    [
        replace(CALL, rung_at=None),
        CLAIMED,
        LEFT,
        TALKING,
        replace(CALL, position=Position.GREETING),
        replace(CALL, between_at=NOW),
        replace(CALL, node="lost"),
    ],
    ids=["before the ringing", "claimed", "left", "talking", "greeting", "between two rooms", "the quiet"],
)
def test_no_phone_is_rung_for_a_caller_who_does_not_wait(call: Call) -> None:
    assert not call.is_waiting
    assert CALL.is_waiting
