"""Who hears that a shift has nobody, how long before, how often, and when is it enough?"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hotline.calls.telling.gap_alarms import alarm_about_gaps
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.notifications.tables import notices
from hotline.oncall.actions import import_shifts
from hotline.oncall.holes import store
from hotline.oncall.rota.tables import rota_pointer
from hotline.oncall.tables import shifts
from hotline.people.serving.actions import import_absences
from hotline.simulator.phones import Phone, Town, asleep, manual
from hotline.telephony.tables import acts
from tests.stories import by_the_clock
from tests.stories.conftest import ROME, Hire

TEXTS = "+393400000077"
MONDAY = datetime(2026, 11, 23, 17, 30, tzinfo=ROME)
FAR = MONDAY + timedelta(days=30)
Fill = Callable[[str, str, datetime, datetime], None]


@pytest.fixture
def starts_at() -> datetime:
    return MONDAY


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": TEXTS, "gap_alarms": True}


@pytest.fixture(autouse=True)
def only_this_is_done_by_the_clock(rig: Rig) -> None:
    by_the_clock.only(rig, "alarm about gaps", "reconcile alarms")


@pytest.fixture
def fill(database: Database) -> Fill:
    """Put somebody on duty."""

    def filled(number: str, role: str, first: datetime, last: datetime) -> None:
        rows = f"{number},{role},{first.isoformat()},{last.isoformat()}\n"
        with database.transaction() as tx:
            import_shifts(tx, "phone,role,starts_at,ends_at\n" + rows)

    return filled


@pytest.fixture
def everybody(hire: Hire, fill: Fill) -> dict[str, Phone]:
    """A line that nobody leaves for a month, but for its only volunteer, who is not there yet."""
    found = {
        "Anna": hire("Anna", 1, "volunteer", shift=None),
        "Lucia": hire("Lucia", 3, "social_worker", shift=None),
        "Marta": hire("Marta", 6, "social_worker", shift=None),
        "Carla": hire("Carla", 4, "coordinator", shift=None),
    }
    for name, role in (("Lucia", "social_worker"), ("Marta", "social_worker"), ("Carla", "coordinator")):
        fill(found[name].number, role, MONDAY - timedelta(days=2), FAR)
    return found


@pytest.fixture
def lucia_until(fill: Fill, hire: Hire) -> Callable[[float], dict[str, Phone]]:
    """A full rota, of which both social workers leave so many hours from now, for two hours."""

    def until(hours: float) -> dict[str, Phone]:
        leaves = MONDAY + timedelta(hours=hours)
        found = {
            "Anna": hire("Anna", 1, "volunteer", shift=None),
            "Lucia": hire("Lucia", 3, "social_worker", shift=None),
            "Carla": hire("Carla", 4, "coordinator", shift=None),
        }
        for name, role in (("Anna", "volunteer"), ("Carla", "coordinator"), ("Lucia", "social_worker")):
            last = leaves if name == "Lucia" else FAR
            fill(found[name].number, role, MONDAY - timedelta(days=2), last)
        fill(found["Lucia"].number, "social_worker", leaves + timedelta(hours=2), FAR)
        return found

    return until


def texts_at(rig: Rig, clock: ManualClock, moment: datetime) -> list[str]:
    """Look at the rota at a moment, and return every text that has been written so far."""
    clock.set(moment)
    alarm_about_gaps(rig.service.board, rig.service.database)
    with rig.service.database.reading() as tx:
        targets = tx.execute(select(acts.c.target).order_by(acts.c.id)).scalars()
        return [body for target in targets if (body := json.loads(target).get("body"))]


def test_a_full_rota_alarms_nobody(everybody: dict[str, Phone], fill: Fill, town: Town) -> None:
    fill(everybody["Anna"].number, "volunteer", MONDAY - timedelta(days=2), FAR)
    town.passes(10 * 60)
    for phone in everybody.values():
        phone.reads_nothing()
        phone.never_rang()


def test_what_the_social_worker_covers_alarms_nobody(everybody: dict[str, Phone], town: Town) -> None:
    town.passes(10 * 60)
    everybody["Carla"].reads_nothing()


@pytest.mark.parametrize("before", [48, 12])
def test_the_coordinator_is_texted_48_and_12_hours_before(
    rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]], before: int
) -> None:
    lucia_until(60)
    begins = MONDAY + timedelta(hours=60)
    known = len(texts_at(rig, clock, begins - timedelta(hours=before, minutes=1)))
    assert known == (0 if before == 48 else 1)
    told = texts_at(rig, clock, begins - timedelta(hours=before) + timedelta(seconds=30))
    assert told[known:] == [
        "Scoperto: gio 26/11 5.30-7.30 assistente sociale. Apri i turni o chiama lo 0781 33000."
    ]
    for minutes in (1, 2, 60):
        assert texts_at(rig, clock, begins - timedelta(hours=before) + timedelta(minutes=minutes)) == told


def test_two_hours_before_the_phone_rings_until_a_key_is_pressed(
    lucia_until: Callable[[float], dict[str, Phone]], town: Town
) -> None:
    carla = lucia_until(1.5)["Carla"]
    carla.is_now(asleep)
    assert carla.reads("Scoperto", within=90) == (
        "Scoperto: lun 23/11 19.00-21.00 assistente sociale. Apri i turni o chiama lo 0781 33000."
    )
    town.passes(2 * 60)
    assert carla.times_rung() == 1
    carla.is_now(manual)
    carla.answers(within=6 * 60)
    carla.hears(
        "Pronto Intervento Sociale: nessuno aspetta in linea. Turno scoperto, assistente sociale, "
        "da lunedì 23, alle ore diciannove, fino alle ore ventuno. Premi uno per confermare."
    )
    carla.presses("1")
    carla.hears("Segnato, grazie.")
    carla.hung_up()
    town.passes(20 * 60)
    assert carla.times_rung() == 2
    assert len(carla.texts_read()) == 1


def test_nobody_presses_and_after_three_calls_it_is_enough(
    lucia_until: Callable[[float], dict[str, Phone]], town: Town
) -> None:
    carla = lucia_until(1.5)["Carla"]
    carla.is_now(asleep)
    town.passes(40 * 60)
    assert carla.times_rung() == 3


def test_a_gap_that_was_filled_alarms_nobody_any_more(
    lucia_until: Callable[[float], dict[str, Phone]], fill: Fill, town: Town, database: Database
) -> None:
    phones = lucia_until(1.5)
    carla = phones["Carla"]
    carla.is_now(asleep)
    town.passes(2 * 60)
    leaves = MONDAY + timedelta(hours=1.5)
    fill(phones["Lucia"].number, "social_worker", leaves, leaves + timedelta(hours=2))
    town.passes(20 * 60)
    assert carla.times_rung() == 1
    with database.reading() as tx:
        assert not store.standing(tx)


def test_social_workers_who_are_ill_after_the_rota_was_made_are_a_gap(
    rig: Rig, clock: ManualClock, database: Database, everybody: dict[str, Phone], fill: Fill
) -> None:
    fill(everybody["Anna"].number, "volunteer", MONDAY - timedelta(days=2), FAR)
    texts_at(rig, clock, MONDAY)
    everybody["Carla"].reads_nothing()
    ill = (
        f"{(MONDAY + timedelta(hours=12)).isoformat()},{(MONDAY + timedelta(hours=14)).isoformat()},sickness"
    )
    rows = "".join(f"{everybody[name].number},{ill}\n" for name in ("Lucia", "Marta"))
    with database.transaction() as tx:
        import_absences(tx, "phone,starts_at,ends_at,kind\n" + rows, ROME)
    (text,) = texts_at(rig, clock, MONDAY + timedelta(minutes=1))
    assert "mar 24/11 5.30-7.30" in text


def test_what_is_left_of_a_gap_is_told_again_only_right_before_it_begins(
    rig: Rig,
    clock: ManualClock,
    lucia_until: Callable[[float], dict[str, Phone]],
    fill: Fill,
    database: Database,
) -> None:
    phones = lucia_until(44)
    begins = MONDAY + timedelta(hours=44)
    assert len(texts_at(rig, clock, MONDAY)) == 1
    fill(phones["Lucia"].number, "social_worker", begins, begins + timedelta(minutes=30))
    assert len(texts_at(rig, clock, MONDAY + timedelta(hours=1))) == 1
    told = texts_at(rig, clock, begins - timedelta(hours=1, minutes=20))
    assert told[1:] == [
        "Scoperto: mer 25/11 14.00-15.30 assistente sociale. Apri i turni o chiama lo 0781 33000."
    ]
    assert texts_at(rig, clock, begins + timedelta(minutes=40)) == told, "it was told before it began"


def test_a_gap_that_opens_now_is_told_at_once(
    rig: Rig, clock: ManualClock, everybody: dict[str, Phone], database: Database, town: Town
) -> None:
    with database.transaction() as tx:
        tx.execute(shifts.delete().where(shifts.c.role == "social_worker"))
    text = everybody["Carla"].reads("Scoperto", within=90)
    assert "volontari, assistente sociale" in text
    town.passes(10 * 60)
    assert len(everybody["Carla"].texts_read()) == 1
    everybody["Carla"].never_rang()


def test_every_morning_at_nine_the_gaps_of_two_weeks_are_one_text(
    rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]]
) -> None:
    lucia_until(24 * 10)
    tuesday = datetime(2026, 11, 24, 8, 59, tzinfo=ROME)
    assert texts_at(rig, clock, tuesday) == []
    listed = "Scoperto: gio 3/12 17.30-19.30 assistente sociale. Apri i turni o chiama lo 0781 33000."
    assert texts_at(rig, clock, tuesday + timedelta(minutes=2)) == [listed]
    assert texts_at(rig, clock, tuesday + timedelta(minutes=3)) == [listed]
    assert texts_at(rig, clock, tuesday + timedelta(days=1, minutes=3)) == [listed, listed]


def test_several_gaps_are_counted_in_the_text_of_the_day(
    rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]], database: Database
) -> None:
    lucia_until(24 * 10)
    with database.transaction() as tx:
        late = shifts.c.starts_at > MONDAY + timedelta(days=10)
        tx.execute(shifts.delete().where(shifts.c.role == "coordinator", late))
        tx.execute(shifts.delete().where(shifts.c.role == "volunteer", late))
    told = texts_at(rig, clock, datetime(2026, 11, 24, 9, 1, tzinfo=ROME))
    assert len(told) == 1
    assert told[0].startswith("Scoperti in 14 giorni: ")
    assert "Il primo: gio 3/12 17.30-19.30 assistente sociale." in told[0]


def test_what_is_published_with_gaps_is_told_at_once(
    rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]], database: Database
) -> None:
    lucia_until(24 * 10)
    with database.transaction() as tx:
        tx.execute(rota_pointer.update().values(version=3))
    assert len(texts_at(rig, clock, MONDAY + timedelta(minutes=1))) == 1
    assert len(texts_at(rig, clock, MONDAY + timedelta(minutes=2))) == 1


def test_two_replicas_alarm_once(
    rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]], database: Database
) -> None:
    lucia_until(40)
    for _ in range(3):
        alarm_about_gaps(rig.service.board, database)
    with database.reading() as tx:
        assert len(tx.execute(select(notices.c.id)).all()) == 1


class TestWithoutTexts:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"gap_alarms": True}

    def test_two_hours_before_whoever_presses_first_ends_the_other_ring(
        self, lucia_until: Callable[[float], dict[str, Phone]], hire: Hire, fill: Fill, town: Town
    ) -> None:
        carla = lucia_until(1.5)["Carla"]
        dario = hire(
            "Dario", 8, "coordinator", shift=(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=9))
        )
        carla.answers(within=90)
        dario.rings(within=20)
        carla.hears("Turno scoperto")
        carla.presses("1")
        dario.stops_ringing()
        town.passes(15 * 60)
        assert (carla.times_rung(), dario.times_rung()) == (1, 1)

    def test_who_cannot_be_texted_is_not_rung_in_the_night_for_what_is_hours_away(
        self, rig: Rig, clock: ManualClock, lucia_until: Callable[[float], dict[str, Phone]]
    ) -> None:
        carla = lucia_until(60)["Carla"]
        clock.set(MONDAY + timedelta(hours=12.5))
        alarm_about_gaps(rig.service.board, rig.service.database)
        with rig.service.database.reading() as tx:
            assert store.standing(tx)
            assert not tx.execute(select(notices.c.id)).all()
        carla.never_rang()


def test_a_call_that_finds_a_tier_empty_goes_on_to_the_next_at_once(
    everybody: dict[str, Phone], caller: Phone
) -> None:
    caller.dials()
    everybody["Lucia"].rings(within=30)  # without a gap she would ring forty seconds after the volunteers
    caller.hangs_up()
