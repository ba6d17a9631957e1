"""At a change of shift who goes and who comes can talk: unrecorded, and never before a caller."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from hotline.calls.jobs import forget
from hotline.clock import ManualClock
from hotline.database import Database
from hotline.demo.rig import Rig
from hotline.handovers.tables import talks
from hotline.people.store import everybody
from hotline.simulator.phones import Phone, Town, asleep, voicemail
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire

SOON = timedelta(minutes=20)


@pytest.fixture
def anna(hire: Hire, starts_at: datetime, database: Database) -> Phone:
    """A volunteer whose shift ends in twenty minutes."""
    return with_pin(
        hire("Anna", 1, "volunteer", shift=(starts_at - timedelta(hours=7), starts_at + SOON)), database
    )


@pytest.fixture
def bruno(hire: Hire, starts_at: datetime, database: Database) -> Phone:
    """The volunteer who comes after her."""
    return with_pin(
        hire("Bruno", 2, "volunteer", shift=(starts_at + SOON, starts_at + timedelta(hours=5))), database
    )


def asks(phone: Phone) -> None:
    """Open the door, and ask for the colleague."""
    comes_in(phone)
    phone.hears("Cinque consegne.", within=40)
    phone.presses("5")
    phone.hears("Due parla con", within=20)
    phone.presses("2")


def kept(database: Database) -> list[tuple[str, str, str | None, bool]]:
    """Return every hand-over by voice: who asked, whom, how it ended, and whether it is over."""
    with database.reading() as tx:
        names = {person.id: person.name.split()[0] for person in everybody(tx)}
        rows = tx.execute(select(talks).order_by(talks.c.began_at)).all()
        return [(names[r.asker_id], names[r.other_id], r.result, r.ended_at is not None) for r in rows]


def test_who_goes_talks_with_who_comes_and_only_that_they_did_is_kept(
    anna: Phone, bruno: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    asks(anna)
    anna.hears("Chiamiamo chi viene dopo di te.")
    bruno.answers(within=20)
    bruno.hears("Consegne: Anna ti cerca, nessun chiamante. Premi uno per parlare.")
    bruno.presses("1")
    anna.talks_with(bruno)
    town.passes(90)
    bruno.hangs_up()
    anna.hears("Tre i miei turni", within=30)
    anna.hangs_up()
    assert kept(database) == [("Anna", "Bruno", "talked", True)]
    with database.reading() as tx:
        one = tx.execute(select(talks)).one()
    assert one.ended_at - one.met_at >= timedelta(seconds=90)
    lucia.never_rang()


def test_who_comes_can_call_who_was_there_before(
    anna: Phone, bruno: Phone, town: Town, database: Database
) -> None:
    asks(bruno)
    bruno.hears("Chiamiamo chi c'era prima.")
    anna.answers(within=20)
    anna.hears("Consegne: Bruno ti cerca")
    anna.presses("1")
    bruno.talks_with(anna)
    bruno.presses("*")
    anna.hung_up(within=20)
    bruno.hears("Tre i miei turni", within=20)
    assert kept(database) == [("Bruno", "Anna", "talked", True)]


def test_after_thirty_days_nothing_tells_who_spoke_with_whom(
    anna: Phone, bruno: Phone, town: Town, database: Database, clock: ManualClock, rig: Rig
) -> None:
    bruno.is_now(asleep)
    asks(anna)
    anna.hears("Non ha risposto.", within=90)
    anna.hangs_up()
    left = []
    for days in (29, 2):
        clock.set(clock.now() + timedelta(days=days))
        forget(rig.service.board, database)
        left.append(len(kept(database)))
    assert left == [1, 0]


@pytest.mark.parametrize("how", ["asleep", "voicemail"])
def test_nobody_answers_and_nothing_has_changed(
    anna: Phone, bruno: Phone, town: Town, database: Database, how: str
) -> None:
    bruno.is_now(asleep if how == "asleep" else voicemail())
    asks(anna)
    anna.hears("Non ha risposto. Puoi riprovare fra poco.", within=90)
    assert kept(database) == [("Anna", "Bruno", "not_reached", True)]
    bruno.hung_up(within=60)
    anna.hangs_up()


def test_the_asker_hangs_up_and_the_other_phone_is_silent(
    anna: Phone, bruno: Phone, town: Town, database: Database
) -> None:
    asks(anna)
    bruno.rings(within=20)
    anna.hangs_up()
    bruno.stops_ringing(within=10)
    assert kept(database) == [("Anna", "Bruno", "gone", True)]


def test_the_asker_hangs_up_while_the_other_hears_who_it_is(
    anna: Phone, bruno: Phone, town: Town, database: Database
) -> None:
    asks(anna)
    bruno.answers(within=20)
    bruno.hears("Consegne: Anna")
    anna.hangs_up()
    bruno.hears("Chi ti cercava ha riagganciato.", within=20)
    bruno.hung_up(within=20)


def test_far_from_a_change_of_shift_the_key_is_not_announced(
    hire: Hire, starts_at: datetime, database: Database, bruno: Phone
) -> None:
    dora = hire(
        "Dora", 5, "volunteer", shift=(starts_at - timedelta(hours=5), starts_at + timedelta(hours=2))
    )
    with_pin(dora, database)
    comes_in(dora)
    dora.hears("Tre i miei turni.")
    dora.hears_nothing_like("onsegne")
    dora.presses("5")
    dora.hears("Adesso non c'è nessuna consegna.")
    dora.presses("2")
    dora.hears("Adesso il telefono è occupato.")
    bruno.never_rang()


def test_whose_phone_is_in_a_call_is_not_rung_for_a_hand_over(
    anna: Phone,
    bruno: Phone,
    lucia: Phone,
    hire: Hire,
    starts_at: datetime,
    database: Database,
    caller: Phone,
) -> None:
    caller.dials()
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)
    asks(bruno)
    bruno.hears("Adesso il telefono è occupato. Riprova fra poco.")
    assert kept(database) == []
    caller.hangs_up()
    anna.hangs_up()


# A caller comes first


def test_a_caller_whom_nobody_else_can_answer_ends_the_talk_and_is_offered_at_once(
    anna: Phone, bruno: Phone, caller: Phone, town: Town, database: Database
) -> None:
    asks(anna)
    bruno.answers(within=20)
    bruno.presses("1")
    anna.talks_with(bruno)
    caller.dials()
    bruno.hears("Una persona aspetta: la consegna finisce qui. Riaggancia, ti chiamiamo subito.", within=25)
    anna.hears("una persona aspetta", within=10)
    anna.presses("1")
    caller.talks_with(anna, within=20)
    assert kept(database) == [("Anna", "Bruno", "call_first", True)]


def test_while_somebody_else_can_be_rung_the_talk_goes_on_until_their_turn_has_come(
    anna: Phone, bruno: Phone, lucia: Phone, caller: Phone, town: Town, database: Database
) -> None:
    """Anna is of the first tier: she is due at once, and the talk with her ends."""
    asks(anna)
    bruno.answers(within=20)
    bruno.presses("1")
    anna.talks_with(bruno)
    caller.dials()
    anna.hears("una persona aspetta", within=30)
    lucia.rings(within=40)
    lucia.answers()
    lucia.presses("1")
    caller.talks_with(lucia)
    anna.hears("L'ha presa un collega", within=20)


def test_a_phone_that_rings_for_a_hand_over_makes_way_for_a_caller(
    anna: Phone, bruno: Phone, caller: Phone, town: Town, database: Database
) -> None:
    asks(bruno)
    anna.rings(within=20)
    caller.dials()
    anna.stops_ringing(within=20)
    anna.answers(within=20)
    anna.hears("una persona aspetta", within=20)
    anna.presses("1")
    caller.talks_with(anna)
    bruno.hears("Non ha risposto", within=40)
