"""What becomes of a caller when our process or our database is gone for a while?"""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.requests import Request

from hotline.calls.call import CallOutcome
from hotline.calls.tables import calls, legs
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, answers_and_presses, asleep
from hotline.telephony.act_pool import ActPool
from tests.stories.breakdowns import no_database, the_file_is_written
from tests.stories.listening import record_documents
from tests.stories.records import Record

Written = Callable[[], Record]
OUTAGE_SECONDS = 4
HANGS_UP_AT = 50


def talked(town: Town) -> bool:
    """Tell whether the caller ever talked with a person."""
    return any(entry.kind == "talk" and "Caller" in entry.group for entry in town.exchange.transcript.entries)


def nothing_is_left_open(database: Database) -> None:
    """Fail if a call or a leg is still open."""
    with database.reading() as tx:
        assert tx.execute(select(calls.c.id).where(calls.c.ended_at.is_(None))).all() == []
        assert tx.execute(select(legs.c.id).where(legs.c.ended_at.is_(None))).all() == []


def is_helped_or_remembered(town: Town, database: Database, written: Written) -> None:
    """Fail if a caller whose call reached us has neither talked with anybody nor is remembered."""
    with database.reading() as tx:
        known = tx.execute(select(calls.c.id)).first() is not None
    if not known:
        return  # Twilio could not reach us at the first word: that is what its fallback address is for
    record = written()
    if talked(town):
        assert record.call.outcome == CallOutcome.ANSWERED
    elif record.call.rung_at is not None:
        assert record.follow_up is not None
    else:
        assert record.call.outcome == CallOutcome.ABANDONED


# The process is gone


@pytest.mark.parametrize("second", range(61))
def test_the_service_is_gone_for_four_seconds_at_any_moment_of_a_call(
    rig: Rig, caller: Phone, town: Town, anna: Phone, database: Database, written: Written, second: int
) -> None:
    anna.is_now(answers_and_presses("1", after=5, thinks=4))
    if second == 0:
        rig.switch_off()
    caller.dials()
    for now in range(90):
        if now == second:
            rig.switch_off()
        if now == second + OUTAGE_SECONDS:
            rig.switch_on()
        if now == HANGS_UP_AT and caller.is_on_the_line():
            caller.hangs_up()
        town.passes(1)
    town.passes(200)
    for phone in (caller, anna):
        assert not phone.is_on_the_line()
        assert not phone.is_ringing()
    nothing_is_left_open(database)
    is_helped_or_remembered(town, database, written)


@pytest.mark.parametrize("second", [5, 16, 18, 21, 24, 26, 28, 40])
def test_a_restart_that_the_proxy_bridges_costs_nothing_but_patience(
    rig: Rig, caller: Phone, town: Town, anna: Phone, second: int, written: Written
) -> None:
    anna.is_now(answers_and_presses("1", after=5, thinks=4))
    caller.dials()
    town.passes(second)
    rig.exchange.faults.delay_webhooks(times=200, seconds=3)
    rig.switch_off()
    town.passes(2.5)
    rig.switch_on()
    town.passes(3)
    rig.exchange.faults.calm()
    caller.talks_with(anna, within=60)
    caller.hangs_up()
    anna.hung_up(within=30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_conversation_does_not_notice_that_the_service_is_gone(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written, database: Database
) -> None:
    caller.dials()
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna)
    rig.switch_off()
    for _ in range(60):
        town.passes(1)
        caller.talks_with(anna, within=0)
    rig.switch_on()
    town.passes(100)
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hears("La telefonata è finita")
    town.passes(30)
    nothing_is_left_open(database)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_the_worker_died_between_taking_a_ring_and_sending_it(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    died: list[str] = []

    def dies(_pool: ActPool, act: object) -> None:
        died.append(str(act))
        raise KeyboardInterrupt

    caller.dials()
    town.passes(15)
    with monkeypatch.context() as patch:
        patch.setattr(ActPool, "_perform", dies)
        with pytest.raises(KeyboardInterrupt):
            town.passes(3)
    assert len(died) == 1
    rig.switch_off()
    rig.switch_on()
    anna.rings(within=30)
    assert anna.times_rung() == 1


def test_the_worker_died_after_sending_a_ring_and_before_writing_it_down(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **_more: object) -> None:
        raise KeyboardInterrupt

    caller.dials()
    town.passes(15)
    with monkeypatch.context() as patch:
        patch.setattr(ActPool, "_finish", dies)
        with pytest.raises(KeyboardInterrupt):
            town.passes(3)
    rig.switch_off()
    rig.switch_on()
    anna.rings(within=30)
    anna.answers()
    town.passes(14)
    assert anna.times_rung() == 1
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(30)
    caller.talks_with(anna)
    assert sum(leg.direction == "outbound-api" for leg in rig.exchange.legs.values()) == 1


def test_the_worker_died_while_moving_the_caller_and_the_pass_brings_them(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.dials()
    anna.answers(within=40)
    town.passes(3)

    def dies(_pool: ActPool, _act: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ActPool, "_perform", dies)
        with pytest.raises(KeyboardInterrupt):
            anna.presses("1")
    rig.switch_off()
    rig.switch_on()
    caller.talks_with(anna, within=40)


# The database is gone


def test_without_a_database_a_caller_hears_an_apology_and_reaches_a_human_by_the_file(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)
    with no_database(rig, monkeypatch):
        caller.dials()
        caller.hears("Ci scusi, un momento. La stiamo collegando con una persona.")
        anna.rings(within=20)
        anna.answers()
        anna.hears("Premi uno per rispondere")
        caller.talks_with_nobody()
        anna.presses("1")
        caller.talks_with(anna)
        town.passes(30)
        caller.hangs_up()
        anna.hung_up()


def test_without_a_database_a_voicemail_box_does_not_swallow_the_caller(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)
    with no_database(rig, monkeypatch):
        caller.dials()
        anna.answers(within=20)
        anna.hung_up(within=40)
        caller.talks_with_nobody()
        lucia.answers(within=20)
        lucia.presses("1")
        town.passes(9)
        lucia.presses("1")
        caller.talks_with(lucia)
        caller.hangs_up()


def test_without_a_database_and_without_anybody_the_caller_hears_112_and_is_tried_again(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.is_now(asleep)
    the_file_is_written(rig)
    with no_database(rig, monkeypatch):
        caller.dials()
        anna.rings(within=20)
        caller.hears("uno uno due", within=60)
        assert caller.is_on_the_line()
        town.passes(60)
        assert anna.times_rung() >= 2
        caller.hangs_up()


def test_without_a_database_whoever_chose_english_still_hears_english_and_nothing_else(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.is_now(asleep)
    the_file_is_written(rig)
    caller.dials()
    town.passes(3)
    caller.presses("9")
    town.passes(2)
    caller.presses("1")
    caller.hears("If anyone is in danger now", within=40)
    documents = record_documents(rig)
    with no_database(rig, monkeypatch):
        caller.hears("Sorry, one moment. We are connecting you to a person.", within=40)
        caller.hears("In danger: one one two.", within=120)
        caller.hears("Sorry, one moment.", within=40)
        anna.is_now(answers_and_presses("1"))
        caller.talks_with(anna, within=60)
        town.passes(5)
        anna.hangs_up()
        caller.hears("If you still need us, stay: we reconnect you.")
        caller.hangs_up()
    callers_own = "".join(text for text in documents if "/twilio/backstop-whisper?" not in text)
    assert 'language="en-' in callers_own
    assert 'language="it-' not in callers_own


@pytest.mark.parametrize("lang", ["", "xx", "it&lang=en", "<Say>", "en%00"])
def test_an_address_that_names_no_language_of_ours_is_answered_in_the_usual_one(rig: Rig, lang: str) -> None:
    request = Request({"type": "http", "headers": [], "query_string": f"call=0&lang={lang}".encode()})
    assert rig.service.door.language_of(request) == ("en" if lang.endswith("lang=en") else "it")


@pytest.mark.parametrize("second", [0, 3, 10, 16, 20, 25, 30, 40])
def test_the_database_fails_for_a_moment_and_the_call_goes_on(
    rig: Rig,
    caller: Phone,
    town: Town,
    anna: Phone,
    second: int,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    written: Written,
) -> None:
    the_file_is_written(rig)
    anna.is_now(asleep)
    caller.dials()
    town.passes(second)
    with no_database(rig, monkeypatch):
        town.passes(2)
    anna.is_now(answers_and_presses("1"))
    caller.talks_with(anna, within=150)
    caller.hangs_up()
    anna.hung_up(within=60)
    town.passes(90)
    nothing_is_left_open(database)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_conversation_by_the_file_goes_on_when_the_database_is_back(
    rig: Rig,
    caller: Phone,
    town: Town,
    anna: Phone,
    lucia: Phone,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
) -> None:
    the_file_is_written(rig)
    anna.is_now(asleep)
    caller.dials()
    town.passes(60)
    with no_database(rig, monkeypatch):
        town.passes(25)
        for _ in range(40):
            town.passes(1)
            for phone in (anna, lucia):
                if phone.is_ringing() and not caller.talking_with():
                    phone.answers()
                    town.passes(9)
                    if phone.is_on_the_line():
                        phone.presses("1")
            if caller.talking_with():
                break
        assert caller.talking_with()
    for _ in range(120):
        town.passes(1)
        assert caller.talking_with(), "the ticker must not take the caller out of a conversation"
    caller.hangs_up()
    town.passes(120)
    nothing_is_left_open(database)


def test_a_responder_in_the_whisper_is_asked_again_after_a_moment_without_a_database(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)
    caller.dials()
    anna.answers(within=40)
    town.passes(3)
    with no_database(rig, monkeypatch):
        anna.presses("1")
        town.passes(1)
    caller.talks_with(anna, within=10)


def test_a_key_pressed_while_the_database_was_away_counts_without_a_second_press(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_file_is_written(rig)
    caller.dials()
    town.passes(2)
    with no_database(rig, monkeypatch):
        caller.presses("1")
        town.passes(1)
    lucia.answers(within=20)
    lucia.hears("Violenza", within=10)


def test_a_ring_that_could_not_leave_for_a_minute_does_not_leave_beside_its_successor(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_one = rig.service.pool.run_one
    monkeypatch.setattr(rig.service.pool, "run_one", lambda: False)
    caller.dials()
    town.passes(100)
    anna.never_rang()
    monkeypatch.setattr(rig.service.pool, "run_one", run_one)
    anna.rings()
    town.passes(5)
    assert len([leg for leg in rig.exchange.legs.values() if leg.to_field == anna.number]) == 1
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
