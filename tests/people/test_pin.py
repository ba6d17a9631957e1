"""A PIN opens the staff door: it is chosen with care, kept as a hash, and checked."""

import pytest
from sqlalchemy import text

from hotline.database import Database
from hotline.errors import BadInput
from hotline.people.actions import has_pin, import_people, set_pin
from hotline.people.pin import fit_pin

ANNA = "name,phone,role,languages\nAnna,3400000001,volunteer,it\n"


def test_only_the_right_pin_of_the_right_person_opens(database: Database) -> None:
    with database.transaction() as tx:
        import_people(tx, ANNA + "Bruno,3400000002,volunteer,it\n")
        anna = set_pin(tx, "340 0000001", "480517")
        bruno = set_pin(tx, "340 0000002", "930264")
    with database.reading() as tx:
        assert has_pin(tx, anna.id, "480517")
        assert not has_pin(tx, anna.id, "930264")
        assert not has_pin(tx, bruno.id, "480517")
        assert not has_pin(tx, anna.id, "")


def test_nobody_without_a_pin_gets_in(database: Database) -> None:
    with database.transaction() as tx:
        import_people(tx, ANNA)
    with database.reading() as tx:
        assert not has_pin(tx, "no such person", "nobody's PIN")


def test_importing_the_person_again_keeps_the_pin_and_the_database_does_not_show_it(
    database: Database,
) -> None:
    with database.transaction() as tx:
        import_people(tx, ANNA)
        anna = set_pin(tx, "340 0000001", "480517")
        import_people(tx, ANNA.replace("Anna", "Anna Maria"))
    with database.reading() as tx:
        assert has_pin(tx, anna.id, "480517")
        assert "480517" not in repr(tx.execute(text("SELECT * FROM people")).all())


def test_a_pin_needs_a_known_phone(database: Database) -> None:
    with pytest.raises(BadInput, match="nobody has the phone •••009"), database.transaction() as tx:
        set_pin(tx, "340 0000009", "480517")


@pytest.mark.parametrize(
    "unfit", ["", "1234", "123456", "987654", "111111", "121212", "48051a", "480517000", "٤٨٠٥١٧", "48 517"]
)
def test_a_pin_that_is_short_or_easily_guessed_is_refused(unfit: str) -> None:
    with pytest.raises(BadInput):
        fit_pin(unfit)
