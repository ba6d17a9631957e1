"""What if Twilio sends something strange? Never an error, and never a lost caller."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from hotline.calls import store
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.simulator.exchange import ACCOUNT_SID
from hotline.simulator.overrides import Overrides
from hotline.simulator.phones import Phone, Town
from hotline.simulator.wire import WebResponse
from tests.stories.records import Record

Written = Callable[[], Record]

STRANGE = {
    "nothing": "",
    "anonymous": "anonymous",
    "Anonymous": "Anonymous",
    "Restricted": "Restricted",
    "unavailable": "unavailable",
    "unknown": "Unknown",
    "spelt anonymous": "+266696687",
    "spelt restricted": "+7378742833",
    "sip": "sip:anna@pbx.example.org:5060;transport=udp",
    "anonymous sip": "sip:anonymous@anonymous.invalid",
    "client": "client:laptop",
    "a word": "MAMMA",
    "letters in the number": "+39 34O OOOOOO1",
    "an emergency number": "+39112",
    "a premium number": "+39899000000",
    "ten kilobytes": "x" * 10_000,
    "a line break and markup": "+39\r\n<Response><Hangup/></Response>",
    "another script": "‮+٣٩٣٤٠",
    "zero byte": "\0\0",
    "a quarter of a number": "+393",
}


@pytest.mark.parametrize("shown", STRANGE.values(), ids=STRANGE)
def test_any_calling_number_reaches_a_person(
    caller: Phone, town: Town, anna: Phone, rig: Rig, written: Written, shown: str
) -> None:
    caller.dials(from_field=shown)
    caller.hears("riagganci e chiami l'uno uno due")
    anna.rings()
    anna.answers()
    anna.hears("Numero nascosto")
    anna.presses("1")
    caller.talks_with(anna)
    caller.hangs_up()
    town.everybody_hung_up()
    record = written()
    assert record.call.withheld
    assert record.call.caller is None
    assert record.call.outcome == "answered"
    assert not rig.exchange.troubles


@pytest.mark.parametrize("shown", ["+393400000099", "+390781000099", "+40700000099", "+12125550100"])
def test_a_true_number_is_kept_for_calling_back(
    caller: Phone, town: Town, anna: Phone, written: Written, shown: str
) -> None:
    caller.dials(from_field=shown)
    anna.rings()
    assert not written().call.withheld
    assert written().call.caller == shown


def test_with_only_the_indispensable_fields_a_call_is_a_call(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials(bare=True)
    anna.answers(within=20)
    anna.presses("1")
    caller.talks_with(anna)


def test_fields_that_nobody_knows_are_passed_over(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials(
        extra={
            "StirVerstat": "TN-Validation-Passed-A",
            "ForwardedFrom": "+390781000000",
            "CallToken": "t" * 4000,
            "AddOns": "{",
            "Neuigkeit": "ü☃",
            "DigitsAgain": "1",
        }
    )
    anna.answers(within=20)
    anna.presses("1")
    caller.talks_with(anna)


def posts(rig: Rig, path: str, **fields: str) -> WebResponse:
    """Send one signed webhook of our own making."""
    form = tuple({"AccountSid": ACCOUNT_SID, **fields}.items())
    request = rig.exchange.client.request(f"{PUBLIC_URL}{path}", "POST", form, "0" * 32, Overrides())
    answer = rig._delivery(request)
    rig.settle()
    return answer


A_CALL = {"CallSid": "CA" + "7" * 32, "CallStatus": "in-progress", "Direction": "inbound"}
DIGITS = ["", "1", "99999", "1" * 9000, "??", "ABCD", "１", "-", "hangup", "\0"]


@pytest.mark.parametrize("fields", [{}, {"CallSid": ""}, {"From": ""}, {"CallSid": "CA1", "Digits": "zz"}])
def test_a_call_without_its_fields_is_greeted(rig: Rig, fields: dict[str, str]) -> None:
    answer = posts(rig, "/twilio/voice", **fields)
    assert answer.status == 200
    assert "uno uno due" in answer.body.decode()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?call=nobody",
        "?call=nobody&at=hold&turn=3",
        "?call=" + "9" * 5000,
        "?call=%00%ff&turn=%E2%82%AC",
        "?turn=m1&room=r1&at=between",
        "?call[]=1&call=2&turn=-1",
    ],
)
def test_a_turn_of_a_call_that_we_do_not_know_comes_in_as_a_new_one(rig: Rig, query: str) -> None:
    answer = posts(rig, f"/twilio/caller{query}", **A_CALL)
    assert answer.status == 200
    assert "/twilio/voice" in answer.body.decode()
    greeted = posts(rig, "/twilio/voice", **A_CALL)
    assert "uno uno due" in greeted.body.decode()


def test_a_caller_whose_call_we_have_forgotten_is_brought_back_to_a_person(
    caller: Phone, town: Town, anna: Phone, rig: Rig
) -> None:
    caller.dials()
    anna.rings()
    with rig.service.database.transaction() as tx:
        store.delete_call(tx, store.recent_calls(tx, 1)[0].id)
    caller.hears("Se qualcuno è in pericolo adesso", within=60)
    town.passes(60)
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)


@pytest.mark.parametrize("path", ["responder", "notice", "backstop", "backstop-whisper", "room-wait"])
@pytest.mark.parametrize("query", ["", "?leg=nobody&notice=nobody&turn=0", "?leg=%00&turn=" + "9" * 3000])
def test_other_addresses_take_unknown_ids_without_an_error(rig: Rig, path: str, query: str) -> None:
    answer = posts(rig, f"/twilio/{path}{query}", **A_CALL)
    assert answer.status == 200
    assert b"<Response" in answer.body


@pytest.mark.parametrize(
    "path", ["voice/status", "leg-status?leg=nobody", "notice-status?notice=x", "room?room=x"]
)
@pytest.mark.parametrize(
    "fields",
    [{}, {"CallStatus": "completed"}, {"CallStatus": "☃", "CallSid": "x" * 9000}, {"CallDuration": "-1"}],
)
def test_callbacks_about_calls_that_we_do_not_know_are_passed_over(
    rig: Rig, path: str, fields: dict[str, str]
) -> None:
    assert posts(rig, f"/twilio/{path}", **fields).status in (200, 204)


@pytest.mark.parametrize("digits", DIGITS)
def test_any_digits_field_leads_on(
    caller: Phone, town: Town, anna: Phone, rig: Rig, written: Written, digits: str
) -> None:
    leg = caller.dials()
    anna.rings()
    call = written().call
    answer = posts(
        rig,
        f"/twilio/caller?call={call.id}&at=menu&turn=77",
        **{**A_CALL, "CallSid": leg.sid, "Digits": digits},
    )
    assert answer.status == 200
    assert b"<Gather" in answer.body


def test_a_text_that_comes_in_is_no_error(rig: Rig) -> None:
    answer = posts(rig, "/twilio/sms", MessageSid="SM" + "1" * 32, From="+393400000099", Body="☃" * 1600)
    assert answer.status == 200


def test_a_caller_with_the_line_s_own_number_or_a_loop_is_still_answered(
    caller: Phone, town: Town, anna: Phone, rig: Rig
) -> None:
    caller.dials(from_field=rig.line)
    anna.answers(within=20)
    anna.presses("1")
    caller.talks_with(anna)


def test_a_report_of_another_leg_ends_nobody_s_call(
    caller: Phone, town: Town, anna: Phone, rig: Rig, written: Written
) -> None:
    caller.dials()
    anna.rings()
    posts(rig, f"/twilio/caller?call={written().call.id}&turn=9", **{**A_CALL, "CallStatus": "completed"})
    posts(rig, f"/twilio/caller?call={written().call.id}&turn=8", CallStatus="completed")
    assert anna.is_ringing()
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)


@pytest.mark.parametrize("path", ["leg-status", "responder"])
def test_a_report_of_another_leg_stops_no_phone(
    caller: Phone, town: Town, anna: Phone, rig: Rig, database: Database, written: Written, path: str
) -> None:
    caller.dials()
    anna.rings()
    with database.reading() as tx:
        leg = store.legs_of(tx, written().call.id)[0]
    posts(rig, f"/twilio/{path}?leg={leg.id}&turn=1", **{**A_CALL, "CallStatus": "completed"})
    posts(rig, f"/twilio/{path}?leg={leg.id}&turn=2", CallStatus="completed")
    anna.answers()
    anna.hears("Premi uno")
    anna.presses("1")
    caller.talks_with(anna)


def test_the_end_of_a_dial_that_never_was_stops_no_phone(
    caller: Phone, town: Town, anna: Phone, rig: Rig, database: Database, written: Written
) -> None:
    ours = caller.dials()
    anna.rings()
    with database.reading() as tx:
        leg = store.legs_of(tx, written().call.id)[0]
    report = {**A_CALL, "CallSid": ours.sid, "DialCallStatus": "no-answer"}
    posts(rig, f"/twilio/caller?call={leg.call_id}&at=dialled&leg={leg.id}&turn=9", **report)
    anna.answers()
    anna.hears("Premi uno")
    anna.presses("1")
    caller.talks_with(anna)


def test_calls_without_an_id_of_their_own_are_told_apart(rig: Rig, town: Town, database: Database) -> None:
    greeted = [posts(rig, "/twilio/voice", From="+393400000099").body.decode() for _ in range(2)]
    assert all("uno uno due" in each for each in greeted)
    with database.reading() as tx:
        assert len(store.recent_calls(tx, 9)) == 2
    town.passes(60)


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9" * 30, "²"])
@pytest.mark.parametrize("path", ["backstop?index", "backstop-whisper?asked"])
def test_a_number_in_our_address_that_is_none_is_no_error(rig: Rig, path: str, number: str) -> None:
    answer = posts(rig, f"/twilio/{path}={quote(number)}", **A_CALL)
    assert answer.status == 200
    assert b"<Response" in answer.body


@pytest.mark.parametrize("path", ["responder", "caller", "notice", "cover", "called-back", "drill"])
def test_a_turn_with_too_long_a_name_is_no_error(
    rig: Rig, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    posts(rig, f"/twilio/{path}?turn={'9' * 40}&at={'9' * 40}&call={'a' * 40}", **A_CALL)
    assert "a turn failed" not in caplog.text
