"""A volunteer without a computer texts that they are away: is it noted, and who sees the hole?"""

from collections.abc import Mapping

import pytest

from hotline.audit.store import newest_changes
from hotline.database import Database
from hotline.people.serving.store import every_absence
from hotline.simulator.phones import Phone, Town
from tests.stories.test_texts import SMS_NUMBER, kept
from tests.stories.test_texts_of_staff import dora

__all__ = ["dora"]


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


def away(database: Database) -> list[tuple[str, str]]:
    with database.reading() as tx:
        return [(f"{one.starts_at:%m-%d %H:%M}", f"{one.ends_at:%m-%d %H:%M}") for one in every_absence(tx)]


def test_the_days_are_noted_and_said_back(dora: Phone, database: Database) -> None:
    dora.texts("ASSENTE dal 24/12 al 6/1, grazie")
    assert dora.reads("Segnato") == (
        "Segnato: sei assente dal 24/12 al 6/1/2027 compreso. Non hai turni in quei giorni. "
        "Per cambiare chiama chi coordina."
    )
    assert away(database) == [("12-23 23:00", "01-06 23:00")]
    with database.reading() as tx:
        change = newest_changes(tx, 1)[0]
    assert (change.before, change.why) == (None, "texted it")
    assert change.what.startswith("absences of ")


def test_whoever_has_shifts_then_reads_how_many_and_offers_the_next(dora: Phone) -> None:
    dora.texts("assente oggi")
    assert dora.reads("Segnato") == (
        "Segnato: sei assente dal 22/11 al 22/11 compreso. "
        "Turni in quei giorni: 1, tuoi finché qualcuno li prende. OFFRO offre il prossimo."
    )
    dora.texts("OFFRO")
    assert dora.reads("Offerto").startswith("Offerto: dom 22/11 20.00-0.00.")


@pytest.mark.parametrize(
    "text", ["ASSENTE", "assente la prossima settimana", "Assente 31/11", "assente 24 12"]
)
def test_whoever_is_not_understood_reads_how_it_is_written(
    dora: Phone, database: Database, text: str
) -> None:
    dora.texts(text)
    assert dora.reads("Scrivi ASSENTE").startswith(
        "Scrivi ASSENTE e i giorni, per esempio: ASSENTE 24/12 27/12."
    )
    assert away(database) == []


def test_who_is_away_already_is_read_by_the_coordinator(
    dora: Phone, carla: Phone, database: Database
) -> None:
    dora.texts("assente 24/12 27/12")
    dora.reads("Segnato")
    dora.texts("assente 26/12 30/12")
    assert dora.reads("già assente").endswith("Il tuo messaggio lo legge chi coordina.")
    assert len(away(database)) == 1
    assert len(kept(database)) == 1


def test_a_caller_who_writes_the_word_is_a_contact_like_any_other(
    caller: Phone, lucia: Phone, database: Database
) -> None:
    caller.texts("assente 24/12")
    lucia.rings(within=20)
    assert away(database) == []


def test_a_flood_of_absences_from_one_number_goes_to_a_person(
    dora: Phone, carla: Phone, database: Database, town: Town
) -> None:
    for day in range(1, 20):
        dora.texts(f"assente {day}/3")
        town.passes(5)
    assert len(away(database)) == 12
