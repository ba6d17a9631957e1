"""Do texts travel both ways, and do reserved words opt people out?"""

import pytest

from hotline.simulator.phones import Town, off
from tests.simulator.service import HOST, LINE, Service, connect, rest


def town_with_texts(service: Service) -> Town:
    town = connect(service, sms_url=f"{HOST}/sms")
    town.phone("Anna", "+39 340 0000002")
    return town


def send(town: Town, to: str, body: str = "Domani sei di turno.") -> tuple[int, dict[str, object]]:
    form = (("To", to), ("From", LINE), ("Body", body), ("StatusCallback", f"{HOST}/sent"))
    return rest(town, "POST", "Messages.json", *form)


def test_a_text_is_sent_delivered_and_reported() -> None:
    service = Service()
    town = town_with_texts(service)
    status, answer = send(town, town["Anna"].number)
    assert (status, answer["status"]) == (201, "queued")
    assert town["Anna"].reads("di turno") == "Domani sei di turno."
    assert [each.value("MessageStatus") for each in service.asked("/sent")] == ["sent", "delivered"]
    assert rest(town, "GET", f"Messages/{answer['sid']}.json")[1]["status"] == "delivered"


def test_a_phone_that_is_off_does_not_get_it() -> None:
    service = Service()
    town = town_with_texts(service)
    town["Anna"].is_now(off)
    send(town, town["Anna"].number)
    town.passes(5)
    town["Anna"].reads_nothing()
    assert service.asked("/sent")[-1].value("MessageStatus") == "undelivered"
    assert service.asked("/sent")[-1].value("ErrorCode") == "30003"


def test_landlines_get_no_texts() -> None:
    assert send(town_with_texts(Service()), "+390781000000")[1]["code"] == 21614


def test_a_number_that_cannot_text_is_refused() -> None:
    town = connect(Service())
    assert send(town, "+393400000002")[1]["code"] == 21606


@pytest.mark.parametrize("word", ["STOP", "stop ", "End", "QUIT", "CANCEL", "UNSUBSCRIBE", "STOPALL"])
def test_a_reserved_word_opts_out_until_start(word: str) -> None:
    service = Service()
    town = town_with_texts(service)
    town["Anna"].texts(word)
    assert service.asked("/sms")[0].value("Body") == word
    assert send(town, town["Anna"].number)[1]["code"] == 21610
    assert send(town, "+393400000003")[0] == 201
    town["Anna"].texts("START")
    assert send(town, town["Anna"].number)[0] == 201


def test_an_answer_to_a_text_comes_back_as_a_text() -> None:
    town = town_with_texts(Service(sms="<Message>Ricevuto.</Message>"))
    town["Anna"].texts("TURNO")
    town["Anna"].reads("ricevuto")
    assert town.exchange.violations == []


def test_strange_answers_to_a_text_are_violations() -> None:
    town = town_with_texts(Service(sms="<Say>Ricevuto.</Say>"))
    town["Anna"].texts("TURNO")
    assert town.exchange.violations == ["<Say> in the answer to a text"]
