"""Does the little language of phones say what happened, and fail with the whole play?"""

import pytest

from hotline.simulator.phones import answers_and_presses, asleep, off, voicemail
from hotline.simulator.transcript import Utterance
from tests.simulator.service import LINE, Service, connect, ring, with_caller

DANGER = "<Say>Se qualcuno è in pericolo, riagganci e chiami l'uno uno due.</Say><Say>Resti in linea.</Say>"


def test_words_count_only_once_they_are_spoken() -> None:
    town = with_caller(Service(voice=DANGER))
    piera = town["Piera"]
    began = town.exchange.now()
    piera.dials()
    with pytest.raises(AssertionError):
        piera.hears("uno uno due", within=2)
    assert 4 < (piera.hears("UNO, uno due!") - began).total_seconds() <= 6.5
    piera.hears("resti in linea")
    with pytest.raises(AssertionError):
        piera.hears("pericolo", within=1)
    piera.hears_nothing_like("violenza")


def test_a_failure_prints_the_play_without_any_number() -> None:
    town = with_caller(Service(voice=DANGER))
    town["Piera"].dials()
    with pytest.raises(AssertionError, match="Piera did not hear «buonasera»") as failed:
        town["Piera"].hears("buonasera", within=20)
    assert "Piera dials the line" in str(failed.value)
    assert "Piera hears: «Se qualcuno è in pericolo" in str(failed.value)
    assert "+39" not in str(failed.value)


def test_habits_answer_press_sleep_and_record() -> None:
    whisper = '<Gather numDigits="1" action="/key"><Say>Premi uno.</Say></Gather><Hangup/>'
    service = Service(leg=whisper, key="<Say>Grazie.</Say>")
    town = connect(service)
    anna = town.phone("Anna", "+39 340 0000002", answers_and_presses("1", after=4))
    bruno = town.phone("Bruno", "+39 340 0000003", asleep)
    carla = town.phone("Carla", "+39 340 0000004", voicemail(after=10))
    dario = town.phone("Dario", "+39 340 0000005", off)
    for phone in (anna, bruno, carla, dario):
        ring(town, phone.number, ("Timeout", "15"))
    anna.hears("grazie")
    carla.hears("premi uno")
    town.everybody_hung_up(within=60)
    dario.never_rang()
    assert bruno.times_rung() == 1
    assert sorted(leg.status for leg in town.exchange.legs.values()) == [
        "completed",
        "completed",
        "failed",
        "no-answer",
    ]
    assert [request.value("Digits") for request in service.asked("/key")] == ["1"]


def test_a_phone_on_a_call_is_busy_for_the_next() -> None:
    town = with_caller(Service(voice="<Pause length='60'/>"))
    town["Piera"].dials()
    ring(town, town["Piera"].number)
    town.passes(5)
    assert [leg.status for leg in town.exchange.legs.values()][-1] == "busy"


def test_the_play_reads_like_a_radio_play() -> None:
    service = Service(
        voice=f'<Say>Chiamiamo Anna.</Say><Dial callerId="{LINE}"><Number>+393400000002</Number></Dial>'
    )
    town = with_caller(service)
    anna = town.phone("Anna", "+39 340 0000002")
    town["Piera"].dials()
    anna.answers(within=10)
    anna.talks_with(town["Piera"])
    anna.waits(5)
    anna.hangs_up()
    town.everybody_hung_up()
    assert town.play().splitlines() == [
        "    0.0  Piera dials the line",
        "    0.0  Piera hears: «Chiamiamo Anna.»",
        "    1.0  Piera hears the ringing tone",
        "    2.0  Anna's phone rings",
        "    2.0  Anna answers",
        "    2.0  Anna and Piera can talk",
        "    7.0  Anna hangs up",
        "    7.0  Anna and Piera no longer talk",
        "    7.0  Piera's line is closed",
    ]


def test_an_interrupted_sentence_is_marked() -> None:
    town = with_caller(Service(voice="<Say>uno due tre quattro cinque sei</Say>"))
    town["Piera"].dials()
    town["Piera"].waits(1)
    town["Piera"].hangs_up()
    assert "«uno due …»" in town.play()
    spoken = town.exchange.transcript.first("spoken")
    assert spoken is not None
    assert isinstance(spoken.utterance, Utterance)


def test_captions_tell_what_a_recording_says() -> None:
    town = with_caller(Service(voice="<Play>/audio/benvenuti.wav</Play>"))
    town.exchange.caption = lambda url: "Benvenuti" if url.endswith("benvenuti.wav") else url
    town["Piera"].dials()
    town["Piera"].hears("benvenuti")


def test_the_same_story_plays_the_same_again() -> None:
    def played() -> str:
        town = with_caller(Service(voice=DANGER))
        town["Piera"].dials()
        town["Piera"].hears("resti in linea")
        return town.play() + str([request for _, request in town.exchange.webhooks])

    assert played() == played()


def test_a_harness_can_do_its_own_work_every_few_seconds() -> None:
    town = connect(Service())
    ticks: list[float] = []
    began = town.exchange.now()
    town.exchange.every(5, lambda: ticks.append((town.exchange.now() - began).total_seconds()))
    town.passes(17)
    assert ticks == [5, 10, 15]
