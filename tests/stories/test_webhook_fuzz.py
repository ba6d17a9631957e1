"""What if every webhook gets what Twilio never sends, signed? No error, and the caller is still reached."""

import logging
import os
from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings

from hotline.calls import store
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.notifications import store as notices
from hotline.simulator.exchange import ACCOUNT_SID
from hotline.simulator.phones import Phone, Town
from hotline.simulator.twiml_reader import read_response
from hotline.simulator.wire import WebResponse
from hotline.telephony.twilio.webhook_forms import LARGEST_BODY, read_form
from tests.stories.odd_webhooks import SENTINEL, Odd, odd_requests, send, webhook_paths

EXAMPLES = int(os.environ.get("HOTLINE_FUZZ_EXAMPLES", "100"))
SHARES = 6
CONTEXTS = {
    "/twilio/backstop-whisper": "whisper",
    "/twilio/room-wait": "wait",
    "/twilio/called-back-wait": "wait",
}

pytestmark = pytest.mark.timeout(60 + EXAMPLES)


def right_status(odd: Odd, body: bytes) -> set[int]:
    """Return how a request may be answered: no error of ours, and a signature that holds is believed."""
    if odd.method != "POST":
        return {405}
    if len(body) > LARGEST_BODY:
        return {413}
    if read_form(body).get("AccountSid", ACCOUNT_SID) != ACCOUNT_SID:
        return {403}
    return {200, 204}


def is_answered_well(path: str, odd: Odd, body: bytes, answer: WebResponse) -> None:
    assert answer.status in right_status(odd, body), (path, odd, answer.status, answer.body[:500])
    if answer.status == 200:
        found = read_response(answer, f"https://hotline.example.org{path}", CONTEXTS.get(path, "call"))
        assert not found.violations, (path, odd, found.violations)


def fuzz(rig: Rig, path: str, known: Mapping[str, str], said: Callable[[], str]) -> Counter[int]:
    """Send many odd requests to one route; return how many were answered with which status."""
    counted: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize="HOTLINE_FUZZ_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(odd=odd_requests())
    def one(odd: Odd) -> None:
        answer = send(rig, path, odd, known)
        counted[answer.status] += 1
        is_answered_well(path, odd, odd.told(known)[1], answer)
        assert not said(), (path, odd)

    one()
    return counted


@pytest.mark.parametrize("share", range(SHARES))
def test_no_odd_webhook_breaks_anything_and_the_caller_is_reached(
    rig: Rig,
    town: Town,
    anna: Phone,
    lucia: Phone,
    caller: Phone,
    database: Database,
    caplog: pytest.LogCaptureFixture,
    record_property: Callable[[str, object], None],
    share: int,
) -> None:
    known = before_the_fuzz(town, anna, caller, database)
    caplog.set_level(logging.DEBUG)

    def said() -> str:
        """Return what was logged that should not have been, and forget the rest."""
        texts = [f"{record.levelname} {record.getMessage()} {record.__dict__}" for record in caplog.records]
        caplog.clear()
        return "\n".join(text for text in texts if text.startswith(("ERROR", "CRITICAL")) or SENTINEL in text)

    for path in webhook_paths(rig)[share::SHARES]:
        counted = fuzz(rig, path, known, said)
        record_property("fuzzed", {"route": path, "answers": dict(counted)})

    assert anna.is_ringing()
    anna.answers()
    anna.hears("Premi uno")
    anna.presses("1")
    caller.talks_with(anna, within=30)


def before_the_fuzz(town: Town, anna: Phone, caller: Phone, database: Database) -> dict[str, str]:
    """Let one caller leave, one wait with Anna's phone ringing, and a third wait behind; return their ids."""
    gone, behind = town.phone("Gone", "+393400000098"), town.phone("Behind", "+393400000097")
    gone.dials()
    anna.rings()
    gone.hangs_up()
    anna.stops_ringing()
    caller.dials()
    anna.rings()
    behind.dials()
    town.passes(12)
    assert anna.is_ringing()
    with database.reading() as tx:
        last, honest, first = store.recent_calls(tx, 3)
        return {
            "decoy.sid": last.sid,
            "decoy.call": last.id,
            "decoy.leg": store.legs_of(tx, first.id)[0].id,
            "honest.call": honest.id,
            "honest.leg": store.legs_of(tx, honest.id)[0].id,
            "honest.room": "r" + "0" * 24,
            "notice": notices.about_call(tx, first.id)[0].id,
            "stranger.sid": "CA" + "7" * 32,
        }
