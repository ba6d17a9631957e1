"""Can every rule of the random plays fail? Each is broken once on purpose, and must be complained about."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from hotline.calls import caller_leg, endings, jobs, responder_leg, store
from hotline.calls.live import LiveCall
from hotline.calls.served_elsewhere import MissedCalls
from hotline.simulator.leg import Leg
from hotline.simulator.transcript import Entry
from hotline.simulator.wire import WebRequest, WebResponse
from hotline.telephony import refusals
from hotline.telephony.instructions import Pause
from hotline.telephony.tables import line_state
from tests.chaos.play import BEGINNINGS, Habit, Person, Play, Step, Worker
from tests.chaos.world import Stage, World, certain_ids, perform

ANSWERS = Habit("answers", 5.0, ((4.0, "1"),))
ASLEEP = Habit("asleep")
CALLER = Person("Caller1", "+393400000900", False, 20.0, False, False)
STAYS = (Step(0, "dial", "Caller1"), Step(90, "hang_up", "Caller1"))


def worker(number: int, *habits: Habit) -> Worker:
    return Worker(f"Volunteer{number}", f"+39340000{number:04}", "volunteer", "it", 40_000, False, habits)


def play(*workers: Worker, steps: tuple[Step, ...] = STAYS) -> Play:
    return Play(1, BEGINNINGS[0].isoformat(), workers, (CALLER,), steps)


def rules(stage: Stage, wanted: Play) -> set[str]:
    return {complaint.rule for complaint in perform(wanted, stage).complaints}


def nothing(*_: object, **_more: object) -> None:
    return None


def test_where_nothing_is_broken_nobody_complains(stage: Stage) -> None:
    for habit in (ANSWERS, ASLEEP):
        assert rules(stage, play(worker(1, habit), worker(2, ASLEEP))) == set()


def test_the_same_seed_plays_the_same_again(stage: Stage) -> None:
    wanted = play(worker(1, ANSWERS), worker(2, ANSWERS, ASLEEP))
    first, second = (perform(wanted, stage, keep=True).transcript for _ in range(2))
    assert first == second != ""


def test_a_caller_to_whom_nothing_is_owed_is_lost(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings.agreement, "owe", nothing)
    assert rules(stage, play(worker(1, ASLEEP))) == {"lost"}


def test_an_answered_call_without_a_conversation_is_lost(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endings.rooms, "ever_met", lambda *_: True)
    assert rules(stage, play(worker(1, ASLEEP))) == {"lost"}


def test_a_conversation_that_is_not_known_is_a_wrong_outcome(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endings.rooms, "ever_met", lambda *_: False)
    assert "outcome" in rules(stage, play(worker(1, ANSWERS)))


def test_a_conversation_of_which_no_word_could_come_is_owed_something(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves = Habit("answers", 5.0, ((4.0, "1"),), leaves_after=12.0)
    away = (Step(0, "dial", "Caller1"), Step(26.8, "restart", seconds=9.0), Step(40, "hang_up", "Caller1"))
    whole = perform(play(worker(1, leaves), steps=away), stage, keep=True)
    assert "Caller1 and Volunteer1 no longer talk" in whole.transcript
    assert (whole.complaints, dict(whole.outcomes)) == ([], {"abandoned": 1})
    monkeypatch.setattr(endings.agreement, "owe", nothing)
    assert rules(stage, play(worker(1, leaves), steps=away)) == {"outcome"}


def test_a_conversation_by_the_documents_of_another_host_is_owed_something(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves = Habit("answers", 5.0, ((4.0, "1"),), room=((12.0, "h"),))
    away = (Step(0, "dial", "Caller1"), Step(14.5, "restart", seconds=5.0), Step(150, "hang_up", "Caller1"))
    whole = perform(play(worker(1, ASLEEP, leaves), steps=away), stage, keep=True)
    assert "Caller1 and Volunteer1 no longer talk" in whole.transcript
    assert (whole.complaints, dict(whole.outcomes)) == ([], {"abandoned": 1})
    monkeypatch.setattr(endings.agreement, "owe", nothing)
    assert rules(stage, play(worker(1, ASLEEP, leaves), steps=away)) == {"outcome"}


def test_a_caller_for_whom_only_another_host_rang_is_lost_unless_we_ask_afterwards(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = (Step(0, "dial", "Caller1"), Step(11, "restart", seconds=90.0), Step(60, "hang_up", "Caller1"))
    assert rules(stage, play(worker(1, ASLEEP), steps=away)) == set()
    monkeypatch.setattr(MissedCalls, "look", nothing)
    assert rules(stage, play(worker(1, ASLEEP), steps=away)) == {"lost"}


def test_who_is_called_back_talks_on_another_line_than_the_one_that_asked_for_it(stage: Stage) -> None:
    asks = replace(CALLER, yes=True, answers_back=True)
    owner = replace(worker(1, Habit("answers", 5.0, ((6.0, "1"), (17.0, "1")))), role="social_worker")
    steps = (
        Step(0, "dial", "Caller1"),
        Step(20, "press", "Caller1", "8"),
        Step(22, "press", "Caller1", "8"),
        Step(24, "hang_up", "Caller1"),
    )
    whole = perform(replace(play(owner, steps=steps), people=(asks,), tail=90), stage, keep=True)
    assert "Caller1 and Volunteer1 can talk" in whole.transcript
    assert (whole.complaints, dict(whole.outcomes)) == ([], {"promised": 1})


def test_two_who_both_accept_are_two_winners(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "claim", lambda *_: True)
    monkeypatch.setattr(responder_leg, "end_other_legs", nothing)
    accepts = type(responder_leg.Whereto.FLOW).FLOW
    asked = responder_leg.responder_where_now
    monkeypatch.setattr(
        responder_leg, "responder_where_now", lambda *_: accepts if _[1].state != "room" else asked(*_)
    )
    assert "doubled" in rules(stage, play(worker(1, ANSWERS), worker(2, ANSWERS)))


def test_a_phone_that_nobody_stops_rings_on(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "stop_leg", nothing)
    early = (Step(0, "dial", "Caller1"), Step(22, "hang_up", "Caller1"))
    assert "rings on" in rules(stage, play(worker(1, ASLEEP), steps=early))


def test_a_leg_whose_end_is_not_taken_in_is_left_open(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LiveCall, "end_leg", lambda _live, leg, _result: leg)
    assert "left open" in rules(stage, play(worker(1, ASLEEP)))


def test_a_hold_without_a_tone_is_silence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_leg, "listening_seconds", lambda *_: 15)
    assert "silence" in rules(stage, play(worker(1, ASLEEP)))


def test_a_responder_left_alone_with_a_silent_line(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responder_leg, "join", lambda *_: [Pause(40)])
    monkeypatch.setattr(jobs.store, "overdue_calls", lambda *_: ())
    complaints = perform(play(worker(1, ANSWERS)), stage).complaints
    assert [c.what.split(" from")[0] for c in complaints] == ["Volunteer1 hears nothing for 40.0 s"]


def test_a_text_that_is_too_long_for_its_column_is_refused_on_every_database(stage: Stage) -> None:
    row = {"what": "a" * 16, "failures": 0, "successes": 0, "changed_at": stage.database.clock.now()}
    with stage.database.transaction() as tx:
        tx.execute(insert(line_state).values(row))

    for too_long in (
        insert(line_state).values(row | {"what": "b" * 17}),
        update(line_state).values(what="a" * 17),
    ):
        with pytest.raises(DBAPIError, match="too long"), stage.database.transaction() as tx:
            tx.execute(too_long)


def test_an_error_that_is_only_logged_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **_more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(caller_leg, "without_rest", breaks)
    assert "error" in rules(stage, play(worker(1, ASLEEP)))


def test_a_job_that_breaks_down_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.store, "waiting_for_a_look", lambda _tx: 1 / 0)
    assert "crash" in rules(stage, play(worker(1, ASLEEP)))


def test_a_document_that_twilio_would_not_understand(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller_leg, "JoinRoom", lambda *_, **_more: Pause(-1))
    assert "twiml" in rules(stage, play(worker(1, ANSWERS)))


Breaks = Callable[[World], object]


def a_talk(world: World, *names: str) -> None:
    both = " and ".join(sorted(names))
    world.watch.note(Entry(world.clock.now(), "talk", names[0], both, group=frozenset(names)))


def a_ring(world: World, number: str) -> None:
    for _ in range(2):
        leg: Leg = world.exchange.new_leg("outbound-api", "+39078133000", number)
        assert not leg.over


def a_refused_text(world: World) -> None:
    world.watch.yes = frozenset({CALLER.number})
    with world.stage.database.transaction() as tx:
        refusals.refuse(tx, CALLER.number)
    world.exchange.texts.send("+393400000070", CALLER.number, "?", "")


def a_reply(status: int = 200, body: bytes = b"", seconds: float = 0.0) -> Breaks:
    def broken(world: World) -> None:
        request = WebRequest("POST", "https://hotline.example.org/twilio/caller", ())
        headers = {"content-type": "text/xml"}
        world.watch.replied(request, WebResponse(status, body, headers), seconds)

    return broken


@pytest.mark.parametrize(
    ("breaks", "rule"),
    [
        (lambda world: (a_talk(world, "A", "B"), a_talk(world, "B", "C")), "doubled"),
        (lambda world: a_ring(world, "+393400000001"), "doubled"),
        (lambda world: world.exchange.new_leg("outbound-api", "+39078133000", CALLER.number), "refused"),
        (a_refused_text, "refused"),
        (a_reply(status=500), "reply"),
        (a_reply(body=b"x" * 65537), "reply"),
        (a_reply(body=b'"https://' + b"x" * 4000 + b'"'), "reply"),
        (a_reply(seconds=2.1), "own time"),
    ],
    ids=[
        "two conversations",
        "two legs",
        "never said yes",
        "refused",
        "error status",
        "too long",
        "long address",
        "slow",
    ],
)
def test_one_broken_thing_is_complained_about(stage: Stage, breaks: Breaks, rule: str) -> None:
    with certain_ids(1):
        world = World(stage, 1, BEGINNINGS[0], (worker(1, ASLEEP),), (CALLER,))
        try:
            breaks(world)
            world.watch.look()
        finally:
            world.close()
    assert {complaint.rule for complaint in world.watch.complaints} == {rule}
