"""Half past eight: what do the coordinators hear of the night, and who is told that they telephone?"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.calls.morning.jobs import tell_morning
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.simulator.phones import Phone, Town, asleep, voicemail
from tests.conftest import NIGHT_IN_NOVEMBER
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire
from tests.stories.test_room import meet

RUN = CliRunner()
BEFORE_EIGHT = NIGHT_IN_NOVEMBER + timedelta(hours=4, minutes=55)
WELCOME = (
    "Da ieri mattina: chiamate {}, perse {}, pesanti {}, in sospeso {}, schede mancanti {}. "
    "Per l'elenco: hotline morning."
)
Hotline = Callable[..., str]


@pytest.fixture
def starts_at() -> datetime:
    """Begin at five to eight: it is still night, and the morning is near."""
    return BEFORE_EIGHT


@pytest.fixture
def hotline(at_the_terminal: None) -> Hotline:
    """Run a command at the terminal."""

    def ran(*words: str) -> str:
        done = RUN.invoke(app, words)
        assert done.exit_code == 0, done.output or done.exception
        return done.output

    return ran


def heavy_call(caller: Phone, who: Phone, town: Town) -> None:
    """Let somebody answer, talk, and say that it was heavy."""
    caller.dials()
    who.answers(within=60)
    who.presses("1")
    caller.talks_with(who)
    town.passes(30)
    caller.hangs_up()
    who.hears("Cinque è stata pesante", within=20)
    who.presses("5")
    who.hung_up()


def lost_call(caller: Phone, who: Phone) -> None:
    """Let somebody hang up while a phone rings."""
    caller.dials()
    who.rings(within=60)
    caller.hangs_up()
    who.stops_ringing(within=30)


def until(town: Town, database: Database, hour: int, minute: int, second: int = 0) -> None:
    """Let it become a time of the wall; of a long while only the last minute is played."""
    with database.reading() as tx:
        wall = tx.now.astimezone(NIGHT_IN_NOVEMBER.tzinfo)
    then = wall.replace(hour=hour, minute=minute, second=second, microsecond=0)
    assert isinstance(database.clock, ManualClock)
    if then - wall > timedelta(minutes=2):
        database.clock.set(then - timedelta(minutes=1))
    with database.reading() as tx:
        town.passes((then - tx.now).total_seconds())


class TestByText:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {"sms_number": "+393400000077"}

    def test_the_coordinator_reads_five_numbers_at_half_past_eight_and_once(
        self, anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database, rig: Rig
    ) -> None:
        heavy_call(caller, anna, town)
        lost_call(town.phone("Gone", "+393400000098"), anna)
        until(town, database, 8, 29, 55)
        assert not any("mattina" in text for text in carla.texts_read())
        until(town, database, 8, 31)
        # What was heavy, and who left unanswered, are both still owed; of the first no form is noted.
        assert carla.reads("mattina") == WELCOME.format(2, 1, 1, 2, 1)
        rig.switch_on()
        until(town, database, 8, 35)
        assert len([text for text in carla.texts_read() if "mattina" in text]) == 1

    def test_a_quiet_day_is_told_too(self, anna: Phone, carla: Phone, town: Town, database: Database) -> None:
        until(town, database, 8, 31)
        assert carla.reads("mattina") == WELCOME.format(0, 0, 0, 0, 0)
        anna.reads_nothing()

    def test_a_coordinator_on_shift_has_it_and_the_last_resort_sleeps_on(
        self, anna: Phone, carla: Phone, hire: Hire, town: Town, database: Database
    ) -> None:
        sara = hire("Sara", 8, "coordinator")
        until(town, database, 8, 31)
        assert sara.reads("mattina") == WELCOME.format(0, 0, 0, 0, 0)
        carla.reads_nothing()

    def test_who_had_a_heavy_call_in_the_night_reads_when_somebody_will_telephone(
        self, anna: Phone, bruno: Phone, carla: Phone, caller: Phone, town: Town, database: Database
    ) -> None:
        heavy_call(caller, anna, town)
        until(town, database, 8, 31)
        told = "Grazie per stanotte. Ti telefona il coordinamento tra le 10.00 e le 12.00."
        assert anna.reads("stanotte") == told
        bruno.reads_nothing()
        until(town, database, 8, 35)
        assert [text for text in anna.texts_read() if "stanotte" in text] == [told]

    def test_after_a_heavy_call_by_day_nobody_speaks_of_the_night(
        self, anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database
    ) -> None:
        until(town, database, 8, 5)
        heavy_call(caller, anna, town)
        until(town, database, 8, 31)
        assert carla.reads("mattina") == WELCOME.format(1, 0, 1, 1, 1)
        anna.reads_nothing()

    def test_without_a_coordinator_nobody_is_promised_a_call(
        self, anna: Phone, lucia: Phone, caller: Phone, town: Town, database: Database
    ) -> None:
        heavy_call(caller, anna, town)
        until(town, database, 8, 40)
        assert not any("coordinamento" in text for text in anna.texts_read())

    def test_two_replicas_tell_it_once(
        self, anna: Phone, carla: Phone, town: Town, database: Database, rig: Rig
    ) -> None:
        until(town, database, 8, 30)
        for _ in range(3):
            tell_morning(rig.service.board, database)
        town.passes(60)
        assert len(carla.texts_read()) == 1

    @pytest.mark.parametrize(("back_at", "texts"), [(11, 1), (12, 0)])
    def test_replicas_that_come_back_within_three_hours_still_tell_it(
        self, anna: Phone, carla: Phone, rig: Rig, clock: ManualClock, town: Town, back_at: int, texts: int
    ) -> None:
        rig.switch_off()
        clock.set(BEFORE_EIGHT.replace(hour=back_at, minute=0))
        rig.switch_on()
        town.passes(60)
        assert len(carla.texts_read()) == texts


# Without texts


def test_who_gets_no_texts_is_called_and_confirms_the_numbers_by_a_key(
    anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database
) -> None:
    heavy_call(caller, anna, town)
    until(town, database, 8, 30)
    carla.answers(within=60)
    carla.hears(
        "Pronto Intervento Sociale: il riepilogo del mattino, nessuno aspetta in linea. Chiamate: 1. "
        "Perse: 0. Pesanti: 1. In sospeso: 1. Schede mancanti: 1. Premi uno per confermare."
    )
    carla.presses("1")
    carla.hears("Segnato, grazie.")
    carla.hung_up()
    until(town, database, 8, 50)
    assert carla.times_rung() == 1


def test_a_voicemail_confirms_nothing_and_is_called_once_more(
    anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database
) -> None:
    heavy_call(caller, anna, town)
    carla.is_now(voicemail())
    until(town, database, 8, 44)
    assert carla.times_rung() == 1
    until(town, database, 9, 10)
    assert carla.times_rung() == 2


def test_nobody_is_called_because_there_is_nothing_to_do(
    anna: Phone, carla: Phone, town: Town, database: Database
) -> None:
    until(town, database, 8, 32)
    carla.never_rang()


@pytest.mark.parametrize(("noted", "rings"), [(False, 1), (True, 0)])
def test_who_gets_no_texts_is_called_although_only_a_form_is_missing(
    anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database, noted: bool, rings: int
) -> None:
    meet(caller, anna)
    caller.hangs_up()
    town.passes(5)
    anna.hangs_up()
    if noted:
        anna.texts("SCHEDA")
    until(town, database, 8, 31)
    assert carla.times_rung() == rings


def test_a_coordinator_who_is_wanted_for_a_caller_is_not_called_about_the_night(
    anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database
) -> None:
    heavy_call(caller, anna, town)
    anna.is_now(asleep)
    until(town, database, 8, 28, 45)
    town.phone("Other", "+393400000098").dials()
    carla.answers(within=120)
    carla.hears("una persona aspetta")
    carla.presses("1")
    until(town, database, 8, 31)
    assert carla.times_rung() == 1
    carla.hangs_up()


# At the terminal


def test_the_whole_list_names_whom_to_telephone_and_masks_whoever_called(
    anna: Phone, carla: Phone, caller: Phone, town: Town, database: Database, hotline: Hotline
) -> None:
    heavy_call(caller, anna, town)
    lost_call(caller, anna)
    until(town, database, 8, 30)
    first, _, lost_title, lost, _, heavy_title, heavy, _, _, *owed, _, forms, form = hotline(
        "morning"
    ).splitlines()
    assert first == (
        "From 2026-11-21T08:30+01:00 to 2026-11-22T08:30+01:00: calls 2, lost 1, heavy 1, pending 2, forms 1."
    )
    assert lost_title == "Lost: nobody answered:"
    assert caller.number not in lost
    assert "unreached" in lost or "abandoned" in lost
    assert heavy_title == "Heavy: telephone between 10:00 and 12:00:"
    assert "Anna Prova (volunteer)" in heavy
    assert len(owed) == 2
    assert forms == "Forms missing:"
    assert form.startswith("  2026-11-22T07:55+01:00  Anna Prova  CA")
    told = json.loads(hotline("morning", "--json"))
    assert [told[name] for name in ("calls", "lost", "heavy", "pending", "forms")] == [2, 1, 1, 2, 1]
    assert [(one["name"], one["at"]) for one in told["missing_forms"]] == [
        ("Anna Prova", "2026-11-22T07:55+01:00")
    ]
    assert json.loads(hotline("morning", "--day", "2026-11-21", "--json"))["calls"] == 0
    with database.reading() as tx:
        read = [(row.who, row.action, row.what) for row in tx.execute(select(access_log))]
    assert ("terminal user carla", "read morning list", "2026-11-22") in read


def test_one_of_ours_at_the_staff_door_is_no_call_of_a_caller(
    anna: Phone, carla: Phone, town: Town, database: Database, hotline: Hotline
) -> None:
    comes_in(with_pin(anna, database))
    anna.hears("Sei di turno")
    anna.hangs_up()
    until(town, database, 8, 30)
    assert json.loads(hotline("morning", "--json"))["calls"] == 0


def test_a_day_that_is_none_is_said_in_one_sentence(hotline: Hotline, anna: Phone) -> None:
    assert "--day 22/11: not a day" in str(RUN.invoke(app, ["morning", "--day", "22/11"]).exception)
