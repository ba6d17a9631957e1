"""What if a webhook comes twice, late or never, and what if a request of ours fails or its answer is lost?"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from hotline.calls.call import CallOutcome
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.logs import start_logging
from hotline.simulator.openapi_contract import contract_check, contract_file
from hotline.simulator.phones import Phone, Town
from hotline.simulator.rest import Check
from hotline.simulator.wire import WebRequest, WebResponse
from hotline.telephony.tables import turns
from tests.conftest import skip_or_fail
from tests.stories.records import Record

Written = Callable[[], Record]
WHOLE_CALL_SECONDS = 60


@pytest.fixture(scope="session")
def contract() -> Check:
    """The REST contract that Twilio publishes."""
    file = contract_file(Path(__file__).resolve().parents[2])
    if file is None:
        skip_or_fail("the OpenAPI file of Twilio is not here (HOTLINE_TWILIO_OPENAPI)", "REQUIRE_OPENAPI")
    assert file is not None
    return contract_check(file)


@pytest.fixture
def whole_log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything that the service's own log would show at its most talkative."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    start_logging(logging.DEBUG)
    yield lambda: capsys.readouterr().err
    root.handlers, root.level = before


def whole_call(caller: Phone, town: Town, anna: Phone) -> None:
    """Play a call from the first ring to the goodbye."""
    caller.dials()
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(WHOLE_CALL_SECONDS)
    caller.hangs_up()
    anna.hung_up(within=30)
    town.everybody_hung_up(within=60)


def asked_again(rig: Rig, request: WebRequest) -> bytes:
    """Send a webhook once more, as a retry of Twilio's would."""
    return rig._delivery(request).body


def webhooks_to(rig: Rig, path: str) -> list[WebRequest]:
    """Return every webhook that went to one of our paths, in order."""
    return [request for _, request in rig.exchange.webhooks if request.path == path]


# Repeated, slow and unordered webhooks


def test_a_repeated_webhook_gets_the_stored_reply_byte_for_byte(
    rig: Rig, caller: Phone, town: Town, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[tuple[WebRequest, bytes]] = []
    deliver = rig._delivery

    def noted(request: WebRequest) -> WebResponse:
        answer = deliver(request)
        if request.path in ("/twilio/voice", "/twilio/caller", "/twilio/responder"):
            first.append((request, answer.body))
        return answer

    monkeypatch.setattr(rig.exchange.driver, "_deliver", noted)
    caller.dials()
    anna.answers(within=40)
    town.passes(20)
    assert len(first) >= 5
    for request, reply in (*first, *first):
        assert asked_again(rig, request) == reply
    assert anna.times_rung() == 1


def test_a_repetition_with_other_digits_gets_the_first_reply(
    rig: Rig, caller: Phone, town: Town, anna: Phone
) -> None:
    caller.dials()
    town.passes(2)
    caller.presses("3")
    chosen = webhooks_to(rig, "/twilio/caller")[-1]
    first = asked_again(rig, chosen)
    other = rig.exchange.client.request(
        chosen.url,
        "POST",
        tuple((name, "1" if name == "Digits" else value) for name, value in chosen.form),
        "token",
        limits=_limits(),
    )
    assert asked_again(rig, other) == first
    anna.answers(within=30)
    anna.hears("Persona sola", within=8)


@pytest.mark.parametrize("path", ["voice?", "twilio/voice", "caller", "responder", "leg-status", "room", ""])
def test_every_webhook_may_come_twice(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, path: str, written: Written
) -> None:
    rig.exchange.faults.duplicate_webhooks(path, times=500)
    whole_call(caller, town, anna)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert record.answered_by == "Anna"
    assert record.events.count("accepted") == 1
    assert record.events.count("met") == 1
    assert anna.times_rung() == 1
    assert bruno.times_rung() <= 1
    assert 58 <= record.seconds_together[0] <= 62


@pytest.mark.parametrize("seconds", [1.0, 3.0])
@pytest.mark.parametrize("path", ["caller", "responder", "leg-status", "twilio/room", "voice/status"])
def test_webhooks_may_overtake_each_other(
    rig: Rig, caller: Phone, town: Town, anna: Phone, path: str, seconds: float, written: Written
) -> None:
    rig.exchange.faults.reorder_webhooks(path, times=500, seconds=seconds)
    whole_call(caller, town, anna)
    town.passes(10)
    record = written()
    assert record.call.outcome == CallOutcome.ANSWERED
    assert [attempt.result for attempt in record.attempts] == ["accepted"]


@pytest.mark.parametrize("path", ["caller", "responder"])
def test_answers_slower_than_twilios_patience_are_asked_again_and_given_again(
    rig: Rig, caller: Phone, town: Town, anna: Phone, path: str, written: Written
) -> None:
    rig.exchange.faults.slow_webhooks(path, times=2, seconds=4.5)
    whole_call(caller, town, anna)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_status_callbacks_all_late(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    rig.exchange.faults.delay_webhooks("leg-status", times=500, seconds=20)
    whole_call(caller, town, anna)
    town.passes(30)
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_late_ringing_report_does_not_reopen_a_leg(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.declines(within=40)
    reports = webhooks_to(rig, "/twilio/leg-status")
    for report in reversed(reports):
        asked_again(rig, report)
    assert [attempt.result for attempt in written().attempts] == ["busy"]


def test_status_callbacks_that_never_come_are_found_by_asking_twilio(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone, written: Written
) -> None:
    rig.exchange.faults.drop_webhooks("leg-status", times=500)
    caller.dials()
    anna.rings()
    town.passes(75)
    record = written()
    first = {attempt.name: attempt.result for attempt in reversed(record.attempts)}
    assert first["Anna"] == "no_answer"
    anna.rings(within=40)
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    caller.hangs_up()
    town.passes(120)
    assert all(attempt.result is not None for attempt in written().attempts)


def test_a_caller_whose_leaving_was_never_reported_is_found_gone_within_twenty_seconds(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    caller.dials()
    anna.rings()
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    caller.hangs_up()
    town.passes(30)
    assert not anna.is_ringing()
    record = written()
    assert record.call.caller_left_at is not None
    assert record.follow_up == "review"
    assert "found_gone" in record.events


def test_a_caller_who_leaves_a_long_question_unreported_is_found_gone_as_soon(
    rig: Rig, caller: Phone, town: Town, anna: Phone, lucia: Phone, written: Written
) -> None:
    caller.dials(anonymous=True)
    caller.hears("Il suo numero è nascosto. Se vuole che la richiamiamo", within=200)
    lucia.rings()
    rig.exchange.faults.drop_webhooks("voice/status", times=10)
    caller.hangs_up()
    lucia.stops_ringing(within=20)
    assert written().follow_up == "review"
    lucia.rings()
    lucia.answers()
    lucia.hears_nothing_like("una persona aspetta", for_seconds=20)


# Rings that fail


@pytest.mark.parametrize("status", [500, 503, 429])
@pytest.mark.parametrize("times", [1, 2])
def test_a_ring_that_fails_is_tried_again_and_never_doubled(
    rig: Rig, caller: Phone, town: Town, anna: Phone, status: int, times: int, written: Written
) -> None:
    rig.exchange.faults.rest_fails(times=times, status=status, operation="create_call")
    whole_call(caller, town, anna)
    assert anna.times_rung() == 1
    assert written().call.outcome == CallOutcome.ANSWERED


def test_a_refused_connection_is_tried_again(rig: Rig, caller: Phone, town: Town, anna: Phone) -> None:
    rig.exchange.faults.rest_refused(times=2, operation="create_call")
    whole_call(caller, town, anna)
    assert anna.times_rung() == 1


def test_when_one_phone_cannot_be_rung_at_all_the_others_are(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone
) -> None:
    rig.exchange.faults.rest_fails(times=1, status=400, operation="create_call")
    caller.dials()
    bruno.answers(within=40)
    bruno.presses("1")
    caller.talks_with(bruno)
    assert anna.times_rung() <= 1


@pytest.mark.parametrize("how", ["lost", "slow"])
def test_a_ring_whose_answer_was_lost_is_looked_up_and_never_doubled(
    rig: Rig, caller: Phone, town: Town, anna: Phone, how: str, written: Written
) -> None:
    if how == "lost":
        rig.exchange.faults.lose_rest_answer("create_call")
    else:
        rig.exchange.faults.rest_slow(seconds=3.5, operation="create_call")
    caller.dials()
    anna.rings()
    town.passes(15)
    assert anna.times_rung() == 1
    assert created(rig) == 1
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    assert written().answered_by == "Anna"


@pytest.mark.parametrize("pressed_after", [0.0, 1.0, 2.0, 4.0])
def test_whoever_accepts_before_the_lost_answer_was_looked_up_stays_with_the_caller(
    rig: Rig, caller: Phone, town: Town, anna: Phone, pressed_after: float, written: Written
) -> None:
    rig.exchange.faults.lose_rest_answer("create_call")
    caller.dials()
    anna.rings()
    anna.answers()
    town.passes(pressed_after)
    anna.presses("1")
    caller.talks_with(anna)
    for _ in range(30):
        town.passes(1)
        caller.talks_with(anna, within=0)
    caller.hangs_up()
    assert len(written().seconds_together) == 1


def test_whoever_passed_on_before_the_lost_answer_was_looked_up_keeps_the_second_thoughts(
    rig: Rig, caller: Phone, town: Town, anna: Phone
) -> None:
    rig.exchange.faults.lose_rest_answer("create_call")
    caller.dials()
    anna.rings()
    anna.answers()
    anna.presses("2")
    anna.hears("Se hai sbagliato, premi uno")
    town.passes(2)
    anna.presses("1")
    caller.talks_with(anna)


def test_six_lost_answers_at_once_double_no_ring_though_some_are_queued_at_twilio(
    rig: Rig, caller: Phone, town: Town, hire: Callable[..., Phone]
) -> None:
    phones = [hire(f"Zita{number}", 10 + number, "volunteer") for number in range(6)]
    rig.exchange.faults.lose_rest_answer("create_call", times=6)
    caller.dials()
    town.passes(45)
    assert [phone.times_rung() for phone in phones] == [1] * 6
    assert created(rig) == 6


def test_the_caller_leaves_while_the_answer_to_a_ring_is_lost(
    rig: Rig, caller: Phone, town: Town, anna: Phone, written: Written
) -> None:
    rig.exchange.faults.lose_rest_answer("create_call")
    caller.dials()
    town.passes(15.6)
    caller.hangs_up()
    town.passes(20)
    assert not anna.is_ringing()
    town.passes(60)
    assert [attempt.result for attempt in written().attempts] == ["canceled"]


@pytest.mark.parametrize("how", ["lost", 500, 429, "refused"])
def test_ending_the_other_phones_is_repeated_until_they_are_silent(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, how: str | int
) -> None:
    caller.dials()
    anna.rings()
    bruno.rings()
    anna.answers()
    town.passes(2)
    faults = rig.exchange.faults
    anna.handset.press("1")
    caller.talks_with(anna)
    anna.hangs_up()
    bruno.rings(within=60)
    if how == "lost":
        faults.lose_rest_answer("update_call", times=2)
    elif how == "refused":
        faults.rest_refused(times=2, operation="update_call")
    else:
        assert isinstance(how, int)
        faults.rest_fails(times=2, status=how, operation="update_call")
    caller.hangs_up()
    bruno.stops_ringing(within=10)


def created(rig: Rig) -> int:
    """Count the calls that Twilio was successfully asked to create."""
    made = {leg.sid for leg in rig.exchange.legs.values() if leg.direction == "outbound-api"}
    return len(made)


# The contract


def test_every_rest_request_keeps_twilios_published_contract(
    rig: Rig,
    caller: Phone,
    town: Town,
    anna: Phone,
    bruno: Phone,
    lucia: Phone,
    carla: Phone,
    contract: Check,
) -> None:
    rig.exchange.desk.checks.append(contract)
    rig.exchange.faults.lose_rest_answer("create_call")
    rig.exchange.faults.drop_webhooks("leg-status", times=4)
    whole_call(caller, town, anna)
    caller.dials()
    town.passes(90)
    caller.hangs_up()
    town.passes(60)
    asked = {record.operation for record in rig.exchange.desk.log}
    assert {"create_call", "update_call", "list_calls", "fetch_call"} <= asked
    assert all(record.status in (0, 200, 201, 400) for record in rig.exchange.desk.log)


def test_every_address_of_ours_asks_for_our_manners(
    rig: Rig, caller: Phone, town: Town, anna: Phone, bruno: Phone, lucia: Phone
) -> None:
    given = _addresses_given(rig, lambda: whole_call(caller, town, anna))
    assert given
    for url in given:
        assert url.startswith(PUBLIC_URL)
        assert url.endswith("#rt=4000&rc=2&rp=ct,rt,5xx"), url


# Nothing is kept, nothing is told


def test_replies_are_erased_when_the_call_ends(
    caller: Phone, town: Town, anna: Phone, database: Database
) -> None:
    caller.dials()
    anna.answers(within=40)
    assert _rows(database, turns)
    anna.presses("1")
    caller.talks_with(anna)
    caller.hangs_up()
    anna.hung_up(within=60)
    town.passes(5)
    assert [row for row in _rows(database, turns) if row["reply"]] == []


def test_no_name_and_no_number_is_in_an_address_a_text_a_room_or_a_log(
    rig: Rig,
    town: Town,
    hire: Callable[..., Phone],
    whole_log: Callable[[], str],
) -> None:
    anna = hire("Sentinella", "+393400008881", "volunteer")
    lucia = hire("Vedetta", "+393400008882", "social_worker")
    carla = hire("Guardia", "+393400008883", "coordinator", shift=None)
    caller = town.phone("Caller", "+393400008884")
    rig.exchange.faults.lose_rest_answer("create_call")
    rig.exchange.faults.rest_fails(times=1, status=400, operation="update_call")
    caller.dials()
    town.passes(2)
    caller.presses("1")
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    town.passes(20)
    rig.exchange.faults.drop_webhooks("leg-status", times=2)
    anna.hangs_up()
    town.passes(90)
    caller.hangs_up()
    town.passes(400)
    assert lucia.times_rung() + carla.times_rung() > 0
    secret = re.compile(r"888[1-4]|Sentinella|Vedetta|Guardia|Prova", re.IGNORECASE)
    for url in [request.url for _, request in rig.exchange.webhooks]:
        assert not secret.search(unquote(url)), url
    for record in rig.exchange.desk.log:
        told = [value for name, value in record.form if name not in ("To", "PhoneNumber")]
        assert not secret.search(" ".join(told) + record.path), record
    assert not secret.search(unquote(whole_log()))


def _rows(database: Database, table: Any) -> list[Mapping[str, Any]]:
    with database.reading() as tx:
        return [dict(row._mapping) for row in tx.execute(select(table))]


def _addresses_given(rig: Rig, play: Callable[[], None]) -> set[str]:
    """Return every address of ours that Twilio is given while `play` goes on."""
    given: set[str] = set()
    fetch = rig.exchange.client.fetch

    def noted(address: Any, *more: Any, **named: Any) -> Iterator[Any]:
        if "/audio/" not in address.url and not address.url.endswith(("/twilio/voice", "/voice/status")):
            given.add(address.url)
        return fetch(address, *more, **named)

    rig.exchange.client.fetch = noted  # type: ignore[method-assign,assignment]  # an ear at the exchange's door
    play()
    return given


def _limits() -> Any:
    from hotline.simulator.overrides import Overrides

    return Overrides()
