"""Does the REST desk accept, refuse, queue and list as Twilio's?"""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from hotline.simulator.openapi_contract import contract_check, contract_file
from hotline.simulator.phones import Town, asleep
from hotline.simulator.transport import ExchangeTransport
from tests.simulator.service import AUTHORISATION, HOST, LINE, Service, connect, rest, ring

EVENTS = tuple(("StatusCallbackEvent", event) for event in ("initiated", "ringing", "answered", "completed"))
ACCOUNT = "/2010-04-01/Accounts/AC" + "0" * 32
ROOT = Path(__file__).resolve().parents[2]


def town_of(service: Service, people: int = 3) -> Town:
    town = connect(service)
    for place in range(people):
        town.phone(f"P{place}", f"+39 340 00000{place + 10}")
    return town


def begin_of_rings(town: Town) -> list[float]:
    moments = [phone.handset.rang_at[0] for phone in town.phones.values() if phone.handset.rang_at]
    return [(moment - moments[0]).total_seconds() for moment in moments]


def test_a_created_call_rings_runs_its_document_and_reports_its_events() -> None:
    service = Service(leg="<Say>Pronto, chi parla?</Say>")
    town = town_of(service)
    sid = ring(town, town["P0"].number, ("StatusCallback", f"{HOST}/status"), *EVENTS)
    town["P0"].answers(within=5)
    town["P0"].hears("pronto")
    town["P0"].hung_up()
    assert service.statuses("/status") == ["initiated", "ringing", "in-progress", "completed"]
    asked = service.asked("/leg")[0]
    assert asked.value("CallSid") == sid
    assert asked.value("Direction") == "outbound-api"
    assert asked.value("CallStatus") == "in-progress"


def test_only_completed_is_reported_by_default() -> None:
    service = Service()
    town = town_of(service)
    town["P0"].is_now(asleep)
    ring(town, town["P0"].number, ("StatusCallback", f"{HOST}/status"), ("Timeout", "20"))
    town.passes(30)
    assert service.statuses("/status") == ["no-answer"]


def test_calls_start_one_a_second_in_order() -> None:
    town = town_of(Service(), people=4)
    for place in range(4):
        ring(town, town[f"P{place}"].number)
    statuses = [leg.status for leg in town.exchange.legs.values()]
    assert statuses == ["queued"] * 4
    town.passes(6)
    assert begin_of_rings(town) == [0.0, 1.0, 2.0, 3.0]


def test_a_queued_leg_that_is_ended_never_rings_and_sends_no_callback() -> None:
    service = Service()
    town = town_of(service)
    ring(town, town["P0"].number)
    sid = ring(town, town["P1"].number, ("StatusCallback", f"{HOST}/status"), *EVENTS)
    ring(town, town["P2"].number)
    status, answer = rest(town, "POST", f"Calls/{sid}.json", ("Status", "completed"))
    assert (status, answer["status"]) == (200, "canceled")
    town.passes(10)
    town["P1"].never_rang()
    assert service.asked("/status") == []
    assert begin_of_rings(town) == [0.0, 1.0]


def test_a_ringing_leg_can_be_ended_and_says_so() -> None:
    service = Service()
    town = town_of(service)
    sid = ring(town, town["P0"].number, ("StatusCallback", f"{HOST}/status"))
    town["P0"].rings()
    rest(town, "POST", f"Calls/{sid}.json", ("Status", "completed"))
    town["P0"].stops_ringing()
    assert service.statuses("/status") == ["canceled"]


def test_a_call_that_is_over_cannot_be_updated() -> None:
    town = town_of(Service(leg="<Hangup/>"))
    sid = ring(town, town["P0"].number)
    town["P0"].answers(within=5)
    town["P0"].hung_up()
    for change in (("Status", "completed"), ("Url", f"{HOST}/x")):
        status, answer = rest(town, "POST", f"Calls/{sid}.json", change)
        assert (status, answer["code"]) == (400, 21220)
    assert town.exchange.violations == []


def test_a_ringing_call_cannot_be_redirected_yet() -> None:
    town = town_of(Service())
    sid = ring(town, town["P0"].number)
    town["P0"].rings()
    assert rest(town, "POST", f"Calls/{sid}.json", ("Url", f"{HOST}/x"))[1]["code"] == 21220


def test_twiml_can_be_given_instead_of_an_address() -> None:
    town = town_of(Service())
    twiml = "<Response><Say>Senza indirizzo.</Say></Response>"
    rest(town, "POST", "Calls.json", ("To", town["P0"].number), ("From", LINE), ("Twiml", twiml))
    town["P0"].answers(within=5)
    town["P0"].hears("senza indirizzo")


def test_calls_are_found_by_number_status_and_start() -> None:
    town = town_of(Service(leg="<Pause length='60'/>"))
    began = town.exchange.now()
    sid = ring(town, town["P0"].number)
    town["P0"].answers(within=5)
    later = (began + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for query, found in (
        (f"To=%2B{town['P0'].number[1:]}", [sid]),
        (f"To=%2B{town['P1'].number[1:]}", []),
        ("Status=in-progress", [sid]),
        (f"StartTime%3E={began:%Y-%m-%dT%H:%M:%SZ}", [sid]),
        (f"StartTime%3E={later}", []),
        (f"StartTime%3C={later}", [sid]),
        (f"ParentCallSid=CA{'0' * 32}", []),
    ):
        status, answer = rest(town, "GET", f"Calls.json?{query}")
        calls = answer["calls"]
        assert status == 200
        assert isinstance(calls, list)
        assert [call["sid"] for call in calls] == found, query
    assert rest(town, "GET", f"Calls/{sid}.json")[1]["status"] == "in-progress"
    assert rest(town, "GET", f"Calls/CA{'9' * 32}.json")[0] == 404


@pytest.mark.parametrize(
    "form",
    [
        (("To", "+393400000010"), ("From", LINE)),
        (("To", "+393400000010"), ("From", LINE), ("Url", "/relative")),
        (("To", "+393400000010"), ("From", LINE), ("Url", HOST), ("StatusCallBack", HOST)),
        (("To", "+393400000010"), ("From", LINE), ("Url", HOST), ("Timeout", "abc")),
        (("To", "+393400000010"), ("From", LINE), ("Url", HOST), ("Method", "PATCH")),
        (
            ("To", "+393400000010"),
            ("From", LINE),
            ("Url", HOST),
            ("StatusCallbackEvent", "initiated ringing"),
        ),
        (("To", "+393400000010"), ("From", "+390781000000"), ("Url", HOST)),
        (("To", "112"), ("From", LINE), ("Url", HOST)),
        (("To", "+39112"), ("From", LINE), ("Url", HOST)),
        (("From", LINE), ("Url", HOST)),
    ],
)
def test_a_wrong_request_is_refused_and_counts_as_a_violation(form: tuple[tuple[str, str], ...]) -> None:
    town = town_of(Service())
    assert rest(town, "POST", "Calls.json", *form)[0] == 400
    assert len(town.exchange.violations) == 1


def test_credentials_are_checked() -> None:
    town = town_of(Service())
    url = f"https://api.twilio.com{ACCOUNT}/Calls.json"
    assert town.exchange.rest("GET", url, {})[0] == 401
    assert town.exchange.rest("GET", url, {"authorization": "Basic eDp5"})[1]["code"] == 20003


def test_the_account_lists_its_numbers_and_their_addresses() -> None:
    town = connect(Service(), fallback_url="https://static.example.org/f")
    numbers = rest(town, "GET", "IncomingPhoneNumbers.json")[1]["incoming_phone_numbers"]
    assert isinstance(numbers, list)
    assert numbers[0]["voice_url"] == f"{HOST}/voice"
    assert numbers[0]["voice_fallback_url"] == "https://static.example.org/f"


def client_of(town: Town) -> httpx.Client:
    return httpx.Client(
        transport=ExchangeTransport(town.exchange), base_url="https://api.twilio.com", headers=AUTHORISATION
    )


def test_an_httpx_client_reaches_the_desk_in_process() -> None:
    town = town_of(Service())
    with client_of(town) as client:
        form = {
            "To": town["P0"].number,
            "From": LINE,
            "Url": HOST,
            "StatusCallbackEvent": ["initiated", "ringing"],
        }
        answer = client.post(f"{ACCOUNT}/Calls.json", data=form)
    assert answer.status_code == 201
    assert town.exchange.legs[answer.json()["sid"]].status == "queued"
    town["P0"].rings()


def test_rest_faults_happen_as_scripted_and_are_counted() -> None:
    town = town_of(Service())
    faults = town.exchange.faults
    faults.rest_fails(times=2, status=500)
    faults.rest_fails(times=1, status=429)
    faults.wrong_credentials()
    form = (("To", town["P0"].number), ("From", LINE), ("Url", HOST))
    answers = [rest(town, "POST", "Calls.json", *form) for _ in range(5)]
    assert [status for status, _ in answers] == [500, 500, 429, 401, 201]
    assert answers[2][1]["code"] == 20429
    assert len(town.exchange.legs) == 1
    assert faults.counts == {"rest_500": 2, "rest_429": 1, "rest_401": 1}


def test_a_lost_answer_rings_all_the_same_and_the_client_sees_a_time_out() -> None:
    town = town_of(Service())
    town.exchange.faults.lose_rest_answer("create_call")
    town.exchange.faults.rest_refused(operation="list_calls")
    form = {"To": town["P0"].number, "From": LINE, "Url": HOST}
    with client_of(town) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(f"{ACCOUNT}/Calls.json", data=form)
        with pytest.raises(httpx.ConnectError):
            client.get(f"{ACCOUNT}/Calls.json")
    town["P0"].rings()


def test_a_slow_answer_takes_virtual_time_and_may_come_too_late() -> None:
    town = town_of(Service())
    town.exchange.faults.rest_slow(times=2, seconds=4)
    began = town.exchange.now()
    with client_of(town) as client:
        client.get(f"{ACCOUNT}/Calls.json", timeout=5)
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"{ACCOUNT}/Calls.json", timeout=3)
    assert (town.exchange.now() - began).total_seconds() == 8


def checked_town() -> Town:
    path = contract_file(ROOT)
    if path is None:
        pytest.skip("twilio-openapi.json is not at hand")
    town = town_of(Service())
    town.exchange.desk.checks.append(contract_check(path))
    return town


def test_good_requests_keep_twilio_s_published_contract() -> None:
    town = checked_town()
    sid = ring(town, town["P0"].number, ("StatusCallback", f"{HOST}/s"), *EVENTS, ("Timeout", "30"))
    assert rest(town, "POST", f"Calls/{sid}.json", ("Status", "completed"))[0] == 200
    assert rest(town, "GET", "Calls.json?Status=queued&PageSize=20")[0] == 200
    assert rest(town, "GET", "IncomingPhoneNumbers.json")[0] == 200
    assert town.exchange.violations == []


@pytest.mark.parametrize(
    "wrong", [("Timeout", "abc"), ("Method", "PATCH"), ("StatusCallBack", HOST), ("Machine", "yes")]
)
def test_wrong_requests_break_it(wrong: tuple[str, str]) -> None:
    town = checked_town()
    form = (("To", town["P0"].number), ("From", LINE), ("Url", HOST), wrong)
    assert rest(town, "POST", "Calls.json", *form)[0] == 400
    complaint = town.exchange.violations[0]
    assert wrong[0] in complaint or wrong[1] in complaint
