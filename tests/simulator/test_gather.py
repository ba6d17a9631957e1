"""Does a Gather take keys exactly as Twilio's does?"""

import io
import wave

import pytest

from hotline.simulator.wire import WebResponse
from tests.simulator.service import HOST, Service, with_caller

TEN_WORDS = "uno due tre quattro cinque sei sette otto nove dieci"


def gather(
    attributes: str, prompt: str = f"<Say>{TEN_WORDS}</Say>", after: str = "<Say>Dopo.</Say>"
) -> Service:
    return Service(
        voice=f'<Gather action="/keys" {attributes}>{prompt}</Gather>{after}', keys="<Say>Grazie.</Say>"
    )


def test_one_key_submits_at_once_and_cuts_the_prompt() -> None:
    service = gather('numDigits="1"')
    town = with_caller(service)
    piera = town["Piera"]
    piera.dials()
    piera.hears("uno due")
    piera.presses("3")
    piera.hears("grazie", within=1)
    piera.hears_nothing_like("dieci")
    assert service.asked("/keys")[0].value("Digits") == "3"


def test_silence_goes_on_to_the_next_verb_after_prompt_and_timeout() -> None:
    service = gather('numDigits="1" timeout="4"')
    town = with_caller(service)
    began = town.exchange.now()
    town["Piera"].dials()
    town["Piera"].hears("dopo")
    heard = town.exchange.transcript.of("Piera", "spoken")[-1].moment
    assert (heard - began).total_seconds() == 9.0
    assert service.asked("/keys") == []


def test_silence_asks_the_action_without_digits_when_it_wants_empty_results() -> None:
    service = gather('numDigits="1" timeout="4" actionOnEmptyResult="true"')
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].hears("grazie")
    assert service.asked("/keys")[0].value("Digits", "absent") == "absent"


def test_the_timeout_starts_again_at_each_key() -> None:
    service = gather('numDigits="3" timeout="4"', prompt="")
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("112", every=3.5)
    assert service.asked("/keys")[0].value("Digits") == "112"


def test_keys_so_far_are_submitted_at_the_timeout() -> None:
    service = gather('numDigits="3" timeout="4"', prompt="")
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("11")
    town["Piera"].waits(4)
    assert service.asked("/keys")[0].value("Digits") == "11"


def test_hash_finishes_by_default_and_is_not_among_the_digits() -> None:
    service = gather("", prompt="")
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("340#")
    assert service.asked("/keys")[0].value("Digits") == "340"


def test_a_lone_hash_is_a_digit_when_no_key_finishes() -> None:
    service = gather('finishOnKey="" numDigits="1"')
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("#")
    assert service.asked("/keys")[0].value("Digits") == "#"


def test_a_lone_hash_otherwise_is_an_empty_result() -> None:
    service = gather('numDigits="1"')
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("#")
    town["Piera"].hears("dopo", within=1)
    assert service.asked("/keys") == []


def test_a_second_quick_key_falls_into_the_next_gather() -> None:
    again = '<Gather action="/second" numDigits="1"><Say>Confermi.</Say></Gather>'
    service = Service(
        voice='<Gather action="/first" numDigits="1"/>', first=again, second="<Say>Fatto.</Say>"
    )
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("12", every=0)
    assert service.asked("/second")[0].value("Digits") == "2"
    town["Piera"].hears_nothing_like("confermi", for_seconds=3)


def test_a_key_during_a_plain_prompt_waits_for_the_next_gather() -> None:
    service = Service(voice=f'<Say>{TEN_WORDS}</Say><Gather action="/keys" numDigits="1"/>')
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("7")
    town["Piera"].hears("dieci")
    assert service.asked("/keys")[0].value("Digits") == "7"


def test_hanging_up_during_a_gather_asks_no_action() -> None:
    service = gather('numDigits="1" actionOnEmptyResult="true"')
    town = with_caller(service, status_url=f"{HOST}/status")
    town["Piera"].dials()
    town["Piera"].waits(2)
    town["Piera"].hangs_up()
    town.passes(60)
    assert service.asked("/keys") == []
    assert service.statuses("/status") == ["completed"]


def test_without_action_the_document_itself_is_asked_again() -> None:
    service = Service(voice='<Gather numDigits="1"/>')
    town = with_caller(service)
    town["Piera"].dials()
    town["Piera"].presses("5")
    assert [request.value("Digits", "-") for request in service.asked("/voice")] == ["-", "5"]


def test_a_recorded_prompt_lasts_as_long_as_its_file_and_is_fetched_once() -> None:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 * 3)
    recording = WebResponse(200, sound.getvalue(), {"Content-Type": "audio/wav"})
    service = Service(voice='<Play loop="2">/audio/hello.wav</Play><Say>Dopo.</Say>')
    service.documents["/audio/hello.wav"] = recording
    town = with_caller(service)
    began = town.exchange.now()
    town["Piera"].dials()
    town["Piera"].hears("hello.wav")
    town["Piera"].hears("dopo")
    heard = town.exchange.transcript.of("Piera", "spoken")[-1].moment
    assert (heard - began).total_seconds() == 6.0
    assert [request.method for request in service.asked("/audio/hello.wav")] == ["GET"]


@pytest.mark.parametrize(("reason", "status"), [("rejected", "no-answer"), ("busy", "busy")])
def test_reject_ends_an_unanswered_call(reason: str, status: str) -> None:
    service = Service(voice=f'<Reject reason="{reason}"/>')
    town = with_caller(service, status_url=f"{HOST}/status")
    town["Piera"].dials()
    assert service.statuses("/status") == [status]


def test_a_document_that_redirects_to_itself_for_ever_is_stopped() -> None:
    town = with_caller(Service(voice="<Redirect>/voice</Redirect>"))
    town["Piera"].dials()
    town["Piera"].hears("application error")
    assert town.exchange.violations == ["a loop of documents that takes no time"]
