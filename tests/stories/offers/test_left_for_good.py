"""Somebody leaves the service: what becomes of what they offered, were asked for, and took?"""

from collections.abc import Callable, Mapping

import pytest
from typer.testing import CliRunner

from hotline.audit.store import newest_changes
from hotline.cli import app
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.people.actions import set_active
from hotline.simulator.phones import Phone, Town
from tests.stories.offers.offered import ON_FRIDAY, TONIGHT, Command, Ready, on_at, states

Leaves = Callable[[Phone], str]
STAYS_YOURS = "Nessuno ha preso il turno lun 23/11 22.00-6.00: resta tuo. Se non puoi, rispondi NON POSSO."
OVER = "Il turno lun 23/11 22.00-6.00 non è più offerto. Grazie lo stesso."


@pytest.fixture
def leaves(command: Command) -> Leaves:
    """Let somebody leave, at the terminal; what it prints comes back."""

    def left(phone: Phone) -> str:
        done = CliRunner().invoke(app, ["people", "leave", phone.number, "--reason", "moved away"])
        assert done.exit_code == 0, done.output or done.exception
        return done.output

    return left


def test_what_they_offered_to_all_still_lacks_somebody_and_is_taken_without_a_word_to_them(
    anna: Phone, bruno: Phone, dora: Phone, leaves: Leaves, database: Database, town: Town
) -> None:
    anna.texts("OFFRO")
    anna.reads("Offerto")
    dora.reads("Cerchiamo chi copre")
    leaves(anna)
    town.passes(60)
    assert states(database) == ["open"]
    bruno.texts("PRENDO")
    bruno.reads("assegnato a te")
    town.passes(60)
    assert on_at(database, TONIGHT[0]) == ["Bruno"]
    assert len(anna.texts_read()) == 1


def test_of_what_nobody_takes_the_coordinator_hears_and_they_do_not(
    anna: Phone, carla: Phone, leaves: Leaves, database: Database, town: Town, clock: ManualClock
) -> None:
    anna.texts("OFFRO")
    anna.reads("Offerto")
    leaves(anna)
    clock.set(TONIGHT[0])
    town.passes(60)
    assert states(database) == ["lapsed"]
    assert carla.reads("nessuno lo ha ancora preso")
    assert len(anna.texts_read()) == 1


def test_whoever_had_asked_them_alone_hears_that_the_shift_stays_theirs(
    anna: Phone,
    bruno: Phone,
    carla: Phone,
    command: Command,
    leaves: Leaves,
    database: Database,
) -> None:
    command("new", "--for", anna.number, "--ask", bruno.number, "--by", anna.number)
    bruno.reads("Cerchiamo chi copre")
    said = leaves(bruno)
    assert "1 offers to them alone, or trades with them, are closed; whoever wanted it is told." in said
    assert states(database) == ["lapsed"]
    assert anna.reads("resta tuo") == STAYS_YOURS
    carla.reads("nessuno lo ha ancora preso")
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    with database.reading() as tx:
        (noted, *_) = newest_changes(tx, 5, "offer")
    assert (noted.before, noted.after, noted.why) == ("open", "lapse", "somebody whom it needs has left")


@pytest.mark.parametrize("who", ["offers", "asked"])
def test_a_trade_with_them_is_closed_and_moves_nothing(
    anna: Phone,
    ready: Ready,
    carla: Phone,
    command: Command,
    leaves: Leaves,
    database: Database,
    town: Town,
    who: str,
) -> None:
    sara = ready("Sara", 8, ON_FRIDAY)
    command(
        *("new", "--for", anna.number, "--ask", sara.number, "--in-return", "2026-11-27 20:00"),
        *("--by", carla.number, "--reason", "Anna has an exam"),
    )
    sara.reads("Scambio")
    leaves(anna if who == "offers" else sara)
    assert states(database) == ["lapsed"]
    sara.texts("PRENDO")
    if who == "offers":
        assert sara.reads("offerto") == OVER
        anna.reads_nothing()
    else:
        assert anna.reads("resta tuo") == STAYS_YOURS
    town.passes(60)
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])


def test_an_offer_that_needs_somebody_who_left_otherwise_is_closed_by_the_clock(
    anna: Phone, bruno: Phone, carla: Phone, command: Command, database: Database, town: Town
) -> None:
    command("new", "--for", anna.number, "--ask", bruno.number, "--by", anna.number)
    bruno.reads("Cerchiamo chi copre")
    with database.transaction() as tx:
        set_active(tx, bruno.number, False)
    town.passes(60)
    assert states(database) == ["lapsed"]
    assert anna.reads("resta tuo") == STAYS_YOURS


def test_whoever_would_trade_at_this_very_moment_with_somebody_who_has_left_hears_that_it_is_over(
    anna: Phone, ready: Ready, carla: Phone, command: Command, database: Database
) -> None:
    sara = ready("Sara", 8, ON_FRIDAY)
    command(
        *("new", "--for", anna.number, "--ask", sara.number, "--in-return", "2026-11-27 20:00"),
        *("--by", carla.number, "--reason", "Anna has an exam"),
    )
    sara.reads("Scambio")
    with database.transaction() as tx:
        set_active(tx, anna.number, False)
    sara.texts("PRENDO")
    assert sara.reads("offerto") == OVER
    assert not any("regola" in text for text in carla.texts_read())
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])


def test_they_can_take_nothing_and_nobody_can_ask_them(
    anna: Phone, bruno: Phone, dora: Phone, carla: Phone, command: Command, leaves: Leaves, database: Database
) -> None:
    command("new", "--for", anna.number, "--by", anna.number)
    bruno.reads("Cerchiamo chi copre")
    leaves(bruno)
    assert "there is no such offer for this person" in command("take", "1", "--by", bruno.number)
    assert states(database) == ["open"]
    assert on_at(database, TONIGHT[0]) == ["Anna"]
    assert not any("regola" in text for text in carla.texts_read())
    said = command("new", "--for", anna.number, "--ask", bruno.number, "--by", anna.number)
    assert "--ask: they are no longer active; ask somebody else" in said


def test_what_they_took_stays_theirs_and_the_coordinator_is_told_to_find_somebody(
    anna: Phone, bruno: Phone, leaves: Leaves, database: Database, town: Town
) -> None:
    anna.texts("OFFRO")
    bruno.reads("Cerchiamo chi copre")
    bruno.texts("PRENDO")
    anna.reads("ora è di un collega")
    said = leaves(bruno)
    assert "1 they had from others, whatever the rota says" in said
    town.passes(60)
    # Whoever gave it away has made plans: nobody is on duty again without having said so.
    assert on_at(database, TONIGHT[0]) == ["Bruno"]
    assert len([text for text in anna.texts_read() if "turno" in text]) == 1


class TestByCall:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {}

    def test_who_has_left_is_not_rung_and_keeps_nobody_else_from_being_rung(
        self, anna: Phone, bruno: Phone, dora: Phone, elio: Phone, command: Command, leaves: Leaves
    ) -> None:
        command("new", "--for", anna.number, "--by", anna.number)
        bruno.answers(within=20)
        leaves(dora)
        bruno.presses("2")
        bruno.hung_up(within=20)
        elio.rings(within=120)
        dora.never_rang()
