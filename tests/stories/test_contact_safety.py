"""Can a number that was refused be rung or texted by any path at all?"""

import pytest
from sqlalchemy import select

from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town
from hotline.telephony import acts, refusals
from hotline.telephony.acts import Act, ActKind, ActState, Priority
from hotline.telephony.line import NumberRefused
from hotline.telephony.tables import refused_numbers
from tests.guards.files import PACKAGE, modules, shown
from tests.stories.owed import contact, is_refused
from tests.stories.test_follow_ups import promised

URL = "https://hotline.example.org/x"
RING = {"answer_url": URL, "status_url": URL, "seconds": 30}
TEXT = {"body": "Ricevuto.", "status_url": URL}
NEVER_ASKED = [("1", "no"), ("2", "no"), ("3", "not_asked"), ("4", "not_asked"), ("", "not_asked")]


@pytest.fixture
def refused(database: Database, caller: Phone) -> Phone:
    """A phone whose owner has said no."""
    with database.transaction() as tx:
        refusals.refuse(tx, caller.number)
    return caller


@pytest.mark.parametrize(("kind", "target"), [(ActKind.RING, RING), (ActKind.TEXT, TEXT)])
@pytest.mark.parametrize("purpose", ["ring", "leg", "caller", "notice", "call_back", "anything new"])
def test_no_act_for_any_purpose_can_even_be_written_down(
    refused: Phone, database: Database, kind: ActKind, target: dict[str, object], purpose: str
) -> None:
    act = Act(kind, purpose, "s", "lane", Priority.RING, {"number": refused.number, **target})
    with database.transaction() as tx, pytest.raises(NumberRefused):
        acts.intend(tx, act)


@pytest.mark.parametrize(("kind", "target"), [(ActKind.RING, RING), (ActKind.TEXT, TEXT)])
def test_a_no_that_comes_after_the_act_was_written_stops_it_too(
    caller: Phone, rig: Rig, database: Database, kind: ActKind, target: dict[str, object]
) -> None:
    act = Act(kind, "call_back", "s", "lane", Priority.RING, {"number": caller.number, **target})
    with database.transaction() as tx:
        acts.intend(tx, act)
    with database.transaction() as tx:
        refusals.refuse(tx, caller.number)
    rig.settle()
    with database.reading() as tx:
        assert acts.latest_state(tx, "s", kind) == ActState.FAILED
    caller.never_rang()
    caller.reads_nothing()


def test_the_line_itself_refuses(refused: Phone, rig: Rig) -> None:
    line = rig.service.line
    with pytest.raises(NumberRefused):
        line.ring(refused.number, URL, URL, 30)
    with pytest.raises(NumberRefused):
        line.text(refused.number, "Ricevuto.", URL)
    refused.never_rang()
    refused.reads_nothing()


def test_the_provider_is_asked_to_ring_and_text_from_one_place_only() -> None:
    edge = "hotline/telephony/twilio/rest_client.py"
    for request in (".calls.create(", ".messages.create("):
        assert [shown(path) for path in modules() if request in path.read_text()] == [edge]


def test_documents_dial_staff_only() -> None:
    """`RingOne` dials past the line: only the ways that ring people of the rota may use it."""
    known = {"telephony/instructions.py", "telephony/twilio/twiml.py", "calls/backstop_leg.py"}
    staff_only = known | {"calls/dial_leg.py", "calls/fallback.py"}
    using = {path.relative_to(PACKAGE).as_posix() for path in modules() if "RingOne(" in path.read_text()}
    using |= {
        path.relative_to(PACKAGE).as_posix() for path in modules() if "class RingOne" in path.read_text()
    }
    assert using <= staff_only


def test_a_member_of_staff_who_said_no_as_a_caller_is_still_rung_on_duty(
    town: Town, anna: Phone, lucia: Phone, caller: Phone, database: Database
) -> None:
    with database.transaction() as tx:
        refusals.refuse(tx, anna.number)
    caller.dials()
    anna.rings(within=40)


def test_an_owner_cannot_call_back_whom_a_no_protects(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    promised(caller, town)
    with database.transaction() as tx:
        refusals.refuse(tx, caller.number)
    lucia.answers(within=30)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("Chiami tu", within=30)
    lucia.presses("1")
    lucia.hears("Non possiamo più richiamare questa persona. Se richiama lei, suona prima a te.")
    rung = lucia.times_rung()
    town.passes(3600)
    assert lucia.times_rung() == rung
    assert not caller.handset.rang_at
    caller.reads_nothing()


def test_only_a_later_yes_from_that_number_lifts_it(
    refused: Phone, town: Town, anna: Phone, database: Database
) -> None:
    promised(refused, town)
    assert not is_refused(database, refused.number)
    assert contact(database).safety == "yes"


def test_a_yes_keyed_in_by_somebody_who_hides_lifts_nothing_and_shows_nothing(
    refused: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    other = town.phone("Other", "+393400000090")
    other.dials(anonymous=True)
    other.hears("scriva un numero e poi cancelletto", within=200)
    other.presses("3400000099#")
    other.hears("Ha scritto tre quattro zero")
    other.presses("8")
    other.hears("La richiama una persona entro")
    other.hangs_up()
    assert is_refused(database, refused.number)
    lucia.answers(within=30)
    lucia.hears("Premi uno")
    lucia.presses("1")
    lucia.hears("Chiami tu", within=30)
    lucia.presses("1")
    lucia.hears("Non possiamo più richiamare questa persona")
    assert not refused.handset.rang_at


@pytest.mark.parametrize(("key", "safety"), NEVER_ASKED)
def test_who_was_never_asked_is_not_called_and_who_may_be_in_danger_never(
    caller: Phone, town: Town, anna: Phone, key: str, safety: str, database: Database
) -> None:
    caller.dials()
    caller.presses(key)
    anna.rings(within=40)
    caller.hangs_up()
    town.passes(5)
    assert contact(database).safety == safety
    assert is_refused(database, caller.number) == (safety == "no")
    town.passes(1800)
    assert not caller.handset.rang_at


def test_who_cannot_speak_is_never_called_without_a_yes(
    caller: Phone, town: Town, anna: Phone, database: Database
) -> None:
    caller.dials()
    anna.rings(within=40)
    town.passes(40)
    caller.presses("*")
    town.passes(20)
    caller.hangs_up()
    town.passes(5)
    assert is_refused(database, caller.number)


def test_who_talked_with_somebody_in_danger_is_protected_too(
    caller: Phone, town: Town, lucia: Phone, database: Database
) -> None:
    caller.dials()
    caller.presses("1")
    lucia.answers(within=40)
    lucia.presses("1")
    caller.talks_with(lucia)
    caller.hangs_up()
    town.passes(5)
    assert is_refused(database, caller.number)


def test_numbers_are_kept_as_keyed_hashes_only(refused: Phone, database: Database) -> None:
    with database.reading() as tx:
        rows = tx.execute(select(refused_numbers)).all()
    assert len(rows) == 1
    assert "340" not in rows[0].number_hash
