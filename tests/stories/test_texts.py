"""Somebody texts instead of calling: who reads it, how soon, what goes back, and what never does?"""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from hotline.calls.promise.alarms import ring_alarms
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.followups.tables import follow_ups
from hotline.notifications import store as notices
from hotline.people.actions import set_active
from hotline.simulator.phones import Phone, Town
from hotline.telephony import refusals
from hotline.texts import store as texts
from hotline.texts.text import IncomingText
from tests.stories.owed import is_refused

SMS_NUMBER = "+39 340 0000080"
RECEIVED = (
    "Ricevuto. Una persona legge. Se può parlare, ci chiami. In pericolo: 112. "
    "Received. A person reads this. If you can speak, call us. In danger: 112."
)


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


def owed_now(database: Database) -> list[FollowUp]:
    """Return everything that is owed, oldest first."""
    with database.reading() as tx:
        ids = tx.execute(select(follow_ups.c.call_id).order_by(follow_ups.c.created_at)).scalars()
        return [one for call_id in ids if (one := owed.of_call(tx, call_id)) is not None]


def kept(database: Database) -> list[IncomingText]:
    """Return the texts that were kept, newest first."""
    with database.reading() as tx:
        return list(texts.newest(tx, 100))


def reads_it(reader: Phone, words: str) -> None:
    """Take the alarm about a text, hear it, and say that this was all."""
    reader.answers(within=20)
    reader.hears("È arrivato un messaggio scritto")
    reader.presses("1")
    reader.hears(words)
    reader.hears("Uno se ci pensi tu e basta così")
    reader.presses("1")
    reader.hears("Segnato, grazie")
    reader.hung_up()


# A contact


def test_a_text_is_answered_once_and_whoever_is_on_duty_reads_it(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, carla: Phone, database: Database
) -> None:
    caller.texts("Ho paura, non posso parlare. Domani posso passare?")
    assert caller.reads("Ricevuto", within=10) == RECEIVED
    lucia.rings(within=12)
    assert lucia.reads("messaggio", within=10) == (
        "0781 33000: alle 3.00 è arrivato un messaggio da leggere. "
        "Rispondi alla chiamata che arriva, oppure chiama lo 0781 33000."
    )
    lucia.answers()
    lucia.hears("È arrivato un messaggio scritto, alle ore tre. Premi uno")
    lucia.hears_nothing_like("Ho paura")
    lucia.presses("1")
    lucia.hears("Ho paura, non posso parlare. Domani posso passare?")
    lucia.presses("2")
    lucia.hears("Ho paura, non posso parlare")
    lucia.presses("1")
    lucia.hears("Segnato, grazie")
    lucia.hung_up()
    town.passes(1800)
    assert lucia.times_rung() == 1
    anna.never_rang()
    carla.never_rang()
    assert [(one.kind, one.state, one.outcome) for one in owed_now(database)] == [("text", "done", "read")]
    assert caller.texts_read() == [RECEIVED]


def test_whoever_takes_it_may_hear_the_number_and_nobody_else_does(caller: Phone, lucia: Phone) -> None:
    caller.texts("Chiamatemi, per favore")
    lucia.answers(within=20)
    lucia.hears("messaggio scritto")
    lucia.presses("7")
    lucia.hears_nothing_like("tre quattro zero", for_seconds=12)
    lucia.presses("1")
    lucia.hears("Chiamatemi")
    lucia.presses("7")
    lucia.hears("Il numero di chi chiama: tre quattro zero")
    lucia.hangs_up()


def test_taken_is_not_read_to_the_end_and_rings_again(caller: Phone, town: Town, lucia: Phone) -> None:
    caller.texts("Sono sola")
    lucia.answers(within=20)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("Sono sola")
    lucia.hangs_up()
    town.passes(9 * 60)
    assert lucia.times_rung() == 1
    lucia.rings(within=2 * 60)
    reads_it(lucia, "Sono sola")


def test_nobody_answers_and_it_goes_on_to_the_coordinator_like_a_call_back(
    caller: Phone, town: Town, lucia: Phone, carla: Phone
) -> None:
    caller.texts("Aiuto")
    lucia.rings(within=12)
    town.passes(4 * 60)
    carla.never_rang()
    carla.rings(within=2 * 60)
    town.passes(6 * 60)
    assert lucia.times_rung() >= 2


def test_a_second_text_is_added_and_raises_no_second_storm(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.texts("Sono al buio")
    caller.texts("Non ho la luce da ieri")
    town.passes(2)
    caller.texts("E fa freddo")
    reads_it(lucia, "Sono al buio». «Non ho la luce da ieri». «E fa freddo")
    town.passes(3600)
    assert lucia.times_rung() == 1
    assert len(lucia.texts_read()) == 1
    assert len(kept(database)) == 3
    assert len(owed_now(database)) == 1
    assert caller.texts_read() == [RECEIVED]


def test_a_text_that_comes_while_the_first_is_in_somebodys_hands_rings_them_once_more(
    caller: Phone, town: Town, lucia: Phone, carla: Phone, database: Database
) -> None:
    caller.texts("Sono al buio")
    lucia.answers(within=20)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("al buio")
    lucia.hangs_up()
    town.passes(60)
    caller.texts("Adesso bussano alla porta")
    caller.texts("Forte")
    lucia.rings(within=75)
    reads_it(lucia, "bussano alla porta». «Forte")
    assert lucia.times_rung() == 2
    carla.never_rang()
    assert len(owed_now(database)) == 1


def test_a_text_after_the_first_was_read_is_owed_anew_but_answered_only_the_next_day(
    caller: Phone, town: Town, lucia: Phone, database: Database, rig: Rig
) -> None:
    caller.texts("Sono al buio")
    reads_it(lucia, "al buio")
    town.passes(3600)
    caller.texts("Ancora io")
    reads_it(lucia, "Ancora io")
    lucia.hears_nothing_like("al buio")
    assert caller.texts_read() == [RECEIVED]
    rig.clock.advance(22 * 3600)
    caller.texts("Buongiorno")
    town.passes(5)
    assert caller.texts_read() == [RECEIVED, RECEIVED]
    assert len(owed_now(database)) == 3


def test_a_text_delivered_twice_is_one_text(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.texts("Sono al buio")
    caller.text_arrives_again()
    town.passes(3)
    caller.text_arrives_again()
    assert len(kept(database)) == 1
    reads_it(lucia, "al buio")
    town.passes(30)
    assert caller.texts_read() == [RECEIVED]
    assert lucia.times_rung() == 1


def test_who_refused_contact_gets_no_answer_and_is_read_all_the_same(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    with database.transaction() as tx:
        refusals.refuse(tx, caller.number)
    caller.texts("Sì, va bene, chiamatemi")
    lucia.answers(within=20)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("va bene, chiamatemi")
    lucia.presses("7")
    lucia.hears("Numero nascosto")
    lucia.presses("1")
    lucia.hung_up(within=20)
    caller.reads_nothing()
    assert is_refused(database, caller.number)


def test_somebody_who_no_longer_wants_our_texts_is_refused_and_read_all_the_same(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.texts("STOP")
    reads_it(lucia, "STOP")
    caller.reads_nothing()
    assert is_refused(database, caller.number)


def test_without_a_number_for_texts_there_is_no_answer_but_an_alarm(
    database: Database, caller: Phone, lucia: Phone, rig: Rig, town: Town
) -> None:
    rig.service.board.__dict__["sms_number"] = ""
    caller.texts("Sono al buio")
    reads_it(lucia, "al buio")
    caller.reads_nothing()
    lucia.reads_nothing()


@pytest.mark.parametrize(
    "more",
    [
        {"From": "anonymous"},
        {"From": ""},
        {"From": None},
        {"From": "INFOLINE"},
        {"From": "+390781000001"},
        {"From": "sip:somebody@example.org"},
        {"From": "+441210000001"},
        {"Body": ""},
        {"Body": None},
        {"Body": "", "NumMedia": "2", "MediaUrl0": "https://example.org/picture"},
        {"NumMedia": "many"},
        {"Body": "buio " * 2000},
        {"Body": "\x00\x01\x1b[31m\ufffe\u202e buio <Say>&amp;</Say> ]]>"},
        {"MessageSid": None, "SmsSid": None, "SmsMessageSid": None},
    ],
    ids=lambda more: " ".join(f"{name} {str(value)[:12]!a}" for name, value in more.items()),
)
def test_odd_texts_are_read_by_somebody_too(
    more: dict[str, str | None], caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.texts("È buio", more=more)
    assert len(kept(database)) == 1
    lucia.answers(within=20)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("senza parole" if more.get("Body", "x") in ("", None) else "buio", within=100)
    if "MediaUrl0" in more:
        lucia.hears("Con un'immagine")
    lucia.presses("1")
    lucia.hears("Segnato")
    assert not rig_troubles(town)
    assert bool(caller.texts_read()) == ("From" not in more)


def rig_troubles(town: Town) -> list[object]:
    return list(town.exchange.troubles)


def test_hidden_senders_are_not_mixed_up(caller: Phone, town: Town, database: Database) -> None:
    caller.texts("uno", more={"From": "INFOLINE"})
    caller.texts("due", more={"From": "anonymous"})
    caller.texts("tre", more={"From": "INFOLINE"})
    assert len(owed_now(database)) == 2
    town.passes(1)


def test_two_texts_without_an_id_are_two(caller: Phone, database: Database) -> None:
    nameless = {"MessageSid": None, "SmsSid": None, "SmsMessageSid": None}
    caller.texts("uno", more=nameless)
    caller.texts("due", more=nameless)
    assert [one.body for one in kept(database)] == ["due", "uno"]


def test_our_own_numbers_start_no_conversation_with_us(
    caller: Phone, town: Town, lucia: Phone, database: Database, rig: Rig
) -> None:
    for ours in (rig.service.board.sms_number, rig.service.board.line_number):
        caller.texts("Ricevuto.", more={"From": ours})
    town.passes(60)
    assert not kept(database)
    lucia.never_rang()
    caller.reads_nothing()


def test_two_machines_do_not_thank_each_other(caller: Phone, town: Town, lucia: Phone) -> None:
    for _ in range(5):
        caller.texts("Risposta automatica: sono in ferie.")
        town.passes(5)
    assert caller.texts_read() == [RECEIVED]
    reads_it(lucia, "sono in ferie")


def test_somebody_who_no_longer_works_here_is_a_contact_like_any_other(
    anna: Phone, lucia: Phone, database: Database
) -> None:
    with database.transaction() as tx:
        set_active(tx, anna.number, active=False)
    anna.texts("TURNO")
    assert anna.reads("Ricevuto") == RECEIVED
    reads_it(lucia, "TURNO")


# Calls for help


def test_a_call_for_help_from_the_staff_is_one_and_rings_others(
    lucia: Phone, carla: Phone, town: Town
) -> None:
    lucia.texts("aiuto, sono fuori dal portone")
    assert lucia.reads("Ricevuto") == RECEIVED
    reads_it(carla, "Scrive Lucia: «aiuto, sono fuori dal portone»")
    town.passes(30 * 60)
    lucia.never_rang()


def test_no_alarm_about_a_text_comes_before_a_live_ring(caller: Phone, town: Town, lucia: Phone) -> None:
    other = town.phone("Stranger", "+393400000098")
    caller.dials()
    caller.presses("1")
    lucia.rings()
    other.texts("Aiuto")
    lucia.answers()
    lucia.hears("una persona aspetta")
    lucia.presses("1")
    lucia.talks_with(caller)
    town.passes(120)
    assert lucia.times_rung() == 1
    caller.hangs_up()
    lucia.hung_up(within=60)
    reads_it(lucia, "Aiuto")


# What is kept


def test_words_and_number_are_sealed_and_forgotten_on_time(
    caller: Phone, town: Town, lucia: Phone, database: Database, rig: Rig
) -> None:
    caller.texts("Mi chiamo Segreto")
    with database.reading() as tx:
        for table in ("incoming_texts", "text_senders", "contacts", "turns", "follow_ups"):
            rows = tx.execute(text(f"SELECT * FROM {table}")).all()
            cells = (cell for row in rows for cell in row)
            stored = b" ".join(
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in cells
            )
            assert b"Segreto" not in stored
            assert b"3400000099" not in stored
    reads_it(lucia, "Segreto")
    days = rig.service.board.profile.service.number_kept_days
    rig.clock.advance(timedelta(days=days, hours=2).total_seconds())
    town.passes(3700)
    assert [(one.sender, one.body) for one in kept(database)] == [(None, None)]


def test_the_alarm_is_told_to_each_person_in_writing_once(
    caller: Phone, town: Town, lucia: Phone, database: Database, rig: Rig
) -> None:
    caller.texts("Sono al buio")
    town.passes(12 * 60)
    ring_alarms(rig.service.board, database)
    assert len(lucia.texts_read()) == 1
    with database.reading() as tx:
        sent = notices.about_call(tx, owed_now(database)[0].call_id)
    assert [one.channel for one in sent].count("text") == 1
