"""Who goes leaves a note; who comes is told that one waits, and hears it behind the PIN. Both are kept."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.calls.handover.jobs import tell_of_notes
from hotline.calls.jobs import forget
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.handovers.store import notes_since
from hotline.oncall.actions import confirm_shift
from hotline.people.store import person_by_phone
from hotline.simulator.phones import Phone, Town
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire
from tests.stories.test_texts import SMS_NUMBER, kept

RUN = CliRunner()
SOON = timedelta(minutes=3)
WAITS = "C'è una consegna per il tuo turno. Per sentirla chiama lo 0781 33000, poi asterisco e il tuo codice."
NOTE = "La persona di ieri ha richiamato, sta meglio: aiuto pasti domani"


@pytest.fixture
def settings() -> Mapping[str, object]:
    return {"sms_number": SMS_NUMBER}


@pytest.fixture
def anna(hire: Hire, starts_at: datetime, database: Database) -> Phone:
    """A volunteer whose shift ends in three minutes."""
    shift = (starts_at - timedelta(hours=7), starts_at + SOON)
    return with_pin(hire("Anna", 1, "volunteer", shift=shift), database)


@pytest.fixture
def bruno(hire: Hire, starts_at: datetime, database: Database) -> Phone:
    """The volunteer who comes after her, and has confirmed it."""
    shift = (starts_at + SOON, starts_at + timedelta(hours=5))
    phone = with_pin(hire("Bruno", 2, "volunteer", shift=shift), database)
    with database.transaction() as tx:
        person = person_by_phone(tx, phone.number)
        assert person is not None
        confirm_shift(tx, person.id, tx.now)
    return phone


def accesses(database: Database) -> list[str]:
    """Return what was written to the access log, in order."""
    with database.reading() as tx:
        return list(tx.execute(select(access_log.c.action).order_by(access_log.c.id)).scalars())


def notes_in(database: Database) -> list[str]:
    with database.reading() as tx:
        return [note.words for note in notes_since(tx, tx.now - timedelta(days=90))]


def test_who_comes_is_told_once_that_a_note_waits_and_hears_it_behind_the_pin(
    anna: Phone, bruno: Phone, carla: Phone, lucia: Phone, town: Town, database: Database, rig: Rig
) -> None:
    anna.texts(f"CONSEGNA: {NOTE}")
    assert anna.reads("Salvata") == "Salvata: la consegna la sente chi viene dopo di te. Grazie."
    bruno.reads_nothing()
    bruno.texts("OK")
    town.passes(4 * 60)
    assert bruno.reads("consegna") == WAITS
    for _ in range(3):
        tell_of_notes(rig.service.board, database)
    town.passes(60)
    assert [one for one in bruno.texts_read() if "Confermato" not in one] == [WAITS]
    comes_in(bruno)
    bruno.hears("Tre i miei turni. C'è una consegna: cinque.", within=40)
    bruno.presses("5")
    bruno.hears("Uno ascolta le consegne. Due parla con chi c'era prima.", within=20)
    bruno.presses("1")
    bruno.hears(f"Anna, alle ore tre: «{NOTE}».", within=20)
    bruno.hears("Uno ascolta le consegne.", within=30)
    bruno.hears("Cinque consegne.", within=30)
    bruno.hangs_up()
    assert accesses(database) == ["hear note"]
    # Nobody else was rung for it, and no coordinator has to read it.
    carla.reads_nothing()
    lucia.never_rang()
    assert not kept(database)


def test_a_note_is_sealed_where_it_is_kept(anna: Phone, database: Database) -> None:
    anna.texts(f"consegna {NOTE}")
    anna.reads("Salvata")
    with database.reading() as tx:
        (sealed,) = tx.execute(text("SELECT words FROM handover_notes")).scalars()
    assert b"persona" not in bytes(sealed)
    assert notes_in(database) == [NOTE]


def test_the_writer_hears_no_note_of_their_own_and_one_that_is_left_late_is_told_too(
    anna: Phone, bruno: Phone, town: Town
) -> None:
    bruno.texts("OK")
    town.passes(5 * 60)
    assert all("Confermato" in one for one in bruno.texts_read())
    anna.texts(f"Consegna - {NOTE}")
    anna.reads("Salvata")
    town.passes(70)
    assert bruno.reads("consegna") == WAITS
    comes_in(anna)
    anna.hears("Tre i miei turni. Cinque consegne.", within=40)
    anna.presses("5")
    anna.hears("Due parla con chi viene dopo di te.", within=20)
    anna.hears_nothing_like("ascolta")


def test_the_command_alone_is_explained_and_nothing_is_kept(anna: Phone, database: Database) -> None:
    anna.texts("CONSEGNA")
    assert anna.reads("Scrivi") == "Scrivi CONSEGNA e poi il testo, in un solo messaggio, senza nomi."
    assert notes_in(database) == []


def test_off_duty_it_is_a_text_that_the_coordinator_reads(
    anna: Phone, carla: Phone, hire: Hire, database: Database
) -> None:
    dora = hire("Dora", 5, "volunteer", shift=None)
    dora.texts(f"CONSEGNA {NOTE}")
    assert dora.reads("coordina") == "Adesso non sei di turno. Il tuo messaggio lo legge chi coordina."
    assert [one.body for one in kept(database)] == [f"CONSEGNA {NOTE}"]
    assert notes_in(database) == []


def test_two_hours_after_the_shift_is_late_enough(
    anna: Phone, carla: Phone, clock: ManualClock, starts_at: datetime, town: Town
) -> None:
    clock.set(starts_at + SOON + timedelta(hours=1, minutes=59))
    anna.texts("CONSEGNA tutto tranquillo")
    anna.reads("Salvata")
    town.passes(90)
    anna.texts("CONSEGNA ancora una cosa")
    anna.reads("Adesso non sei di turno")


def test_a_word_of_a_stranger_is_no_note(
    caller: Phone, anna: Phone, lucia: Phone, database: Database
) -> None:
    caller.texts("Consegna pasti? Ho bisogno di aiuto")
    lucia.rings(within=60)
    assert notes_in(database) == []


def test_somebody_off_duty_is_told_of_no_note(
    anna: Phone, hire: Hire, database: Database, town: Town
) -> None:
    dora = with_pin(hire("Dora", 5, "volunteer", shift=None), database)
    anna.texts(f"CONSEGNA {NOTE}")
    town.passes(70)
    dora.reads_nothing()
    comes_in(dora)
    dora.hears("Tre i miei turni.", within=40)
    dora.hears_nothing_like("onsegn")


@pytest.mark.usefixtures("at_the_terminal")
def test_at_the_terminal_a_note_is_left_and_read_and_both_are_written_down(
    anna: Phone, bruno: Phone, town: Town, database: Database
) -> None:
    done = RUN.invoke(app, ["handover", "write", "--by", anna.number], input=f"{NOTE}\n")
    assert (done.exit_code, done.output.strip()) == (0, "Saved: the next shift hears it.")
    town.passes(4 * 60)
    comes_in(bruno)
    bruno.hears("C'è una consegna", within=40)
    bruno.presses("5")
    bruno.hears("Uno ascolta le consegne", within=20)
    bruno.presses("1")
    bruno.hears(NOTE, within=20)
    bruno.hangs_up()
    assert RUN.invoke(app, ["handover"]).output.splitlines() == [
        f"2026-11-22 03:00  Anna Prova: «{NOTE}»",
        "  heard by Bruno Prova, 2026-11-22 03:04",
    ]
    (note,) = json.loads(RUN.invoke(app, ["handover", "--json"]).output)["notes"]
    assert (note["name"], note["written_by"], len(note["heard"])) == ("Anna Prova", "terminal", 1)
    assert accesses(database) == ["write note", "hear note", "read notes", "read notes"]


@pytest.mark.usefixtures("at_the_terminal")
@pytest.mark.parametrize(
    ("phone", "words", "said"),
    [
        ("3400000005", NOTE, "only whoever is on duty, or was until two hours ago"),
        ("3400000001", " ", "the note is empty"),
        ("3400000001", "x" * 1501, "the note has 1501 letters, 1500 at most"),
        ("3400000044", NOTE, "--by: nobody of ours has this phone"),
    ],
)
def test_a_note_that_cannot_be_is_refused_in_one_sentence(
    anna: Phone, hire: Hire, phone: str, words: str, said: str
) -> None:
    hire("Dora", 5, "volunteer", shift=None)
    assert said in str(RUN.invoke(app, ["handover", "write", "--by", phone], input=words).exception)


def test_notes_are_deleted_after_thirty_days(
    anna: Phone, clock: ManualClock, database: Database, rig: Rig
) -> None:
    anna.texts(f"CONSEGNA {NOTE}")
    anna.reads("Salvata")
    left = []
    for days in (29, 2):
        clock.set(clock.now() + timedelta(days=days))
        forget(rig.service.board, database)
        left.append(len(notes_in(database)))
    assert left == [1, 0]
