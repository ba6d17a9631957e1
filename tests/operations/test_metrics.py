"""Do the figures tell how the line fares, the same from every replica, and never who was on it?"""

import re
from pathlib import Path

import pytest

from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.operations.metrics import Metrics
from hotline.operations.routes import figures_of
from hotline.people.actions import import_people
from hotline.simulator.phones import answers_and_presses, asleep
from hotline.simulator.wire import WebRequest

PEOPLE = """name,phone,role,languages,last_resort
Anna Prova,+393400000001,volunteer,it,
Carla Prova,+393400000004,coordinator,it,yes
"""


def page_of(database: Database) -> str:
    """Read the figures as a replica that has seen nothing itself would show them."""
    return Metrics(dict, "0").page(figures_of(database)()).decode()


def look_at(rig: Rig, path: str) -> str:
    """Read a page of the replica itself."""
    answer = rig._delivery(WebRequest("GET", f"{PUBLIC_URL}{path}", (), (), b"", 1.0, 4.0))
    return answer.body.decode()


def value(page: str, name: str) -> float:
    """Return one figure."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    assert found, f"{name} is not on the page:\n{page}"
    return float(found[1])


def test_figures_follow_a_call_from_the_hold_to_its_end(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    with Rig(database, clock, tmp_path) as rig:
        carla = rig.town.phone("Carla", "+393400000004", answers_and_presses("1", after=5))
        caller = rig.town.phone("Caller", "+393400000099")
        assert value(page_of(database), 'hotline_open_calls{state="hold"}') == 0

        began = clock.now()
        caller.dials()
        caller.waits(17)
        page = page_of(database)
        assert value(page, 'hotline_open_calls{state="hold"}') == 1
        assert value(page, "hotline_seconds_to_human_count") == 0

        met = caller.talks_with(carla, within=60)
        page = page_of(database)
        assert value(page, 'hotline_open_calls{state="room"}') == 1
        waited = (met - began).total_seconds()
        assert abs(value(page, "hotline_seconds_to_human_sum") - waited) < 2
        assert value(page, 'hotline_seconds_to_human_bucket{le="10.0"}') == 0
        assert value(page, 'hotline_seconds_to_human_bucket{le="120.0"}') == 1

        caller.hangs_up()
        rig.town.everybody_hung_up(within=60)
        page = page_of(database)
        assert value(page, 'hotline_open_calls{state="room"}') == 0
        assert value(page, 'hotline_calls_total{outcome="answered"}') == 1
        assert value(page, 'hotline_rings_total{result="accepted",role="coordinator"}') == 1


def test_follow_ups_and_unanswered_rings_are_counted(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    with Rig(database, clock, tmp_path) as rig:
        rig.town.phone("Carla", "+393400000004", asleep)
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.waits(60)
        caller.hangs_up()
        caller.waits(1)
        page = page_of(database)
        assert value(page, 'hotline_follow_ups{kind="review",state="open"}') == 1
        assert value(page, 'hotline_rings_total{result="no_answer",role="coordinator"}') >= 1


def test_oldest_due_act_grows_old_while_nobody_sends_it(
    database: Database, clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    with Rig(database, clock, tmp_path) as rig:
        monkeypatch.setattr(rig.service.pool, "run_one", lambda: False)
        rig.town.phone("Carla", "+393400000004", asleep)
        rig.town.phone("Caller", "+393400000099").dials()
        began = clock.now()
        while value(page_of(database), "hotline_oldest_due_act_seconds") == 0:
            rig.town.passes(1)
            assert (clock.now() - began).total_seconds() < 60
        rig.town.passes(40)
        assert value(page_of(database), "hotline_oldest_due_act_seconds") >= 40


def test_page_of_a_replica_tells_latency_by_route_template_and_names_nobody(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with database.transaction() as tx:
        import_people(tx, PEOPLE)
    with Rig(database, clock, tmp_path) as rig:
        carla = rig.town.phone("Carla", "+393400000004", answers_and_presses("1", after=5))
        caller = rig.town.phone("Caller", "+393400000099")
        caller.dials()
        caller.talks_with(carla, within=90)
        caller.hangs_up()
        rig.town.everybody_hung_up(within=60)
        page = look_at(rig, "/metrics")
    assert value(page, 'hotline_webhook_seconds_count{route="/twilio/voice",status="2xx"}') == 1
    assert value(page, 'hotline_webhook_seconds_count{route="/twilio/caller",status="2xx"}') > 2
    assert value(page, 'hotline_webhook_seconds_count{route="/twilio/responder",status="2xx"}') >= 2
    for secret in ("3400000", "Carla", "Prova", "call=", "leg="):
        assert secret not in page
    assert not re.search(r"\b(?:CA|SM|AC)[0-9a-f]{8,}", page)
