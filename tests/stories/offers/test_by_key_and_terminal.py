"""How is a shift offered, traded and decided by a key, by a call, or at the terminal?"""

import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.audit.tables import access_log
from hotline.database import Database
from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town, answers_and_presses
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.offers.offered import ON_FRIDAY, TONIGHT, Command, Ready, on_at, states
from tests.stories.test_texts import SMS_NUMBER


def test_key_four_offers_a_chosen_shift_and_key_eight_takes_it(
    ready: Ready, bruno: Phone, town: Town, database: Database
) -> None:
    ready("Sara", 8, TONIGHT)
    sara = ready("Sara", 8, ON_FRIDAY)
    for phone in (sara, bruno):
        with_pin(phone, database)
    comes_in(sara)
    sara.hears("Tre i miei turni. Quattro offri un turno.")
    sara.hears_nothing_like("prendi un turno")
    sara.presses("4")
    sara.hears("Premi uno per lunedì 23, dalle ore ventidue alle ore sei.")
    sara.hears("Due per venerdì 27, dalle ore venti alle ore zero.")
    sara.presses("2")
    sara.hears("Premi ancora quattro per offrire a tutti venerdì 27, dalle ore venti alle ore zero.")
    assert states(database) == []
    sara.presses("4")
    sara.hears("Va bene, lo chiediamo a chi può: venerdì 27, dalle ore venti alle ore zero. Resta tuo")
    sara.hung_up(within=15)
    bruno.reads("Cerchiamo chi copre ven 27/11 20.00-0.00.")
    comes_in(bruno)
    bruno.hears("Otto prendi un turno offerto.")
    bruno.hears_nothing_like("offri un turno")
    bruno.presses("8")
    bruno.hears("C'è un turno da coprire: venerdì 27, dalle ore venti alle ore zero. Premi ancora otto")
    bruno.presses("8")
    bruno.hears("Grazie: il turno è tuo, venerdì 27, dalle ore venti alle ore zero. Puoi riagganciare.")
    bruno.hung_up(within=15)
    bruno.reads("Turno ven 27/11 20.00-0.00 assegnato a te.")
    sara.reads("ora è di un collega")
    assert on_at(database, ON_FRIDAY[0]) == ["Bruno"]
    comes_in(bruno)
    bruno.presses("3")
    bruno.hears("Venerdì 27, dalle ore venti alle ore zero.")


def test_one_touch_offers_nothing(anna: Phone, bruno: Phone, database: Database, town: Town) -> None:
    comes_in(with_pin(anna, database))
    anna.presses("4")
    anna.hears("Premi uno per lunedì 23")
    anna.presses("1")
    anna.hears("Premi ancora quattro")
    anna.hears("Tre i miei turni", within=20)
    anna.hangs_up()
    assert states(database) == []
    bruno.reads_nothing()


def test_a_trade_needs_both_and_moves_both_shifts_at_once(
    anna: Phone, ready: Ready, bruno: Phone, carla: Phone, command: Command, town: Town, database: Database
) -> None:
    sara = ready("Sara", 8, ON_FRIDAY)
    said = command(
        *("new", "--for", anna.number, "--ask", sara.number, "--in-return", "2026-11-27 20:00"),
        *("--by", carla.number, "--reason", "Anna has an exam"),
    )
    assert said.strip() == "Offer 1: 2026-11-23 22:00 - 2026-11-24 06:00."
    assert sara.reads("Scambio") == (
        "Scambio: prendi lun 23/11 22.00-6.00 e lasci ven 27/11 20.00-0.00. Se ti va bene rispondi PRENDO."
    )
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])
    bruno.texts("PRENDO")
    bruno.reads("nessun turno da coprire")
    sara.texts("ok prendo")
    assert sara.reads("Scambiato") == (
        "Scambiato: ora hai lun 23/11 22.00-6.00, non più ven 27/11 20.00-0.00. Se hai sbagliato: LASCIO."
    )
    assert anna.reads("Scambiato") == (
        "Scambiato: ora hai ven 27/11 20.00-0.00, non più lun 23/11 22.00-6.00. Grazie."
    )
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Sara"], ["Anna"])
    sara.texts("lascio")
    sara.reads("non è più tuo")
    assert (on_at(database, TONIGHT[0]), on_at(database, ON_FRIDAY[0])) == (["Anna"], ["Sara"])
    assert "Anna Prova for 2026-11-27T20:00, open (asked: Sara Prova)" in command("list")


def test_the_coordinator_at_the_terminal_offers_lists_and_withdraws_on_behalf(
    anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, command: Command, database: Database
) -> None:
    new = ("new", "--for", anna.number)
    assert "only whose shift it is, or a coordinator" in command(*new, "--by", bruno.number)
    wrong = command(*new, "--by", carla.number, "--from", "2026-11-23 21:00")
    assert "they have no coming shift that begins then" in wrong
    assert "--from: 'tonight' is not a moment" in command(*new, "--by", carla.number, "--from", "tonight")
    trade = command(*new, "--by", carla.number, "--in-return", "2026-11-27 20:00")
    assert "a trade needs both" in trade
    assert "a social_worker cannot have the shift of a volunteer" in command(
        *new, "--by", carla.number, "--ask", lucia.number
    )
    assert "they are not on duty" in command(*new, "--by", carla.number, "--now")
    assert command("list").strip() == "Nothing is offered."
    command(*new, "--by", carla.number, "--reason", "she is ill")
    (row,) = json.loads(command("list", "--json"))
    assert (row["of"], row["asked"], row["state"], row["by"], row["reason"]) == (
        *("Anna Prova", "all", "open", "Carla Prova"),
        "she is ill",
    )
    assert "there is no such offer for this person" in command("take", "1", "--by", lucia.number)
    assert "is withdrawn" in command("withdraw", "1", "--by", carla.number)
    assert "is withdrawn already" in command("withdraw", "1", "--by", carla.number)
    assert "it is taken, or over" in command("take", "1", "--by", bruno.number)
    command(*new, "--by", anna.number)
    assert command("take", "2", "--by", bruno.number).strip() == "Offer 2 is taken."
    bruno.reads("assegnato a te")
    assert command("leave", "--by", bruno.number).strip() == "Offer 2 is open again."
    assert "took no shift that can still be left" in command("leave", "--by", bruno.number)
    assert "there is no offer 9" in command("withdraw", "9", "--by", carla.number)
    with database.reading() as tx:
        read = [row.action for row in tx.execute(select(access_log))]
    assert read == ["list offers", "list offers"]


class TestWhereTwoNightsRunningAreForbidden:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Mapping[str, object]:
        strict = tmp_path / "strict"
        shutil.copytree(SHIPPED / "iglesias", strict)
        with (strict / "profile.toml").open("a", encoding="utf-8") as profile:
            profile.write('\n[[contract]]\nname = "volunteer"\nlevels = { R16 = "E" }\n')
        return {"sms_number": SMS_NUMBER, "profile": strict}

    def test_the_volunteer_hears_why_not_and_the_coordinator_may_still_decide_it(
        self, anna: Phone, ready: Ready, bruno: Phone, carla: Phone, command: Command, database: Database
    ) -> None:
        elio = ready("Elio", 6, (TONIGHT[0] + timedelta(days=1), TONIGHT[1] + timedelta(days=1)))
        found = command("substitutes", "--for", anna.number).splitlines()
        assert [line.split(":")[0] for line in found] == ["Bruno Prova", "Elio Prova"]
        assert "R16 2 nights running, 1 at most" in found[1]
        command("new", "--for", anna.number, "--ask", elio.number, "--by", anna.number)
        elio.reads("Cerchiamo")
        bruno.reads_nothing()
        elio.texts("PRENDO")
        assert elio.reads("Non puoi") == (
            "Non puoi prendere lun 23/11 22.00-6.00: non resta il riposo fra le notti. "
            "Lo diciamo a chi coordina."
        )
        assert carla.reads("Decidi") == (
            "Turno lun 23/11 22.00-6.00, volontari: un collega lo voleva, una regola lo impedisce. "
            "Decidi con hotline offers."
        )
        assert on_at(database, TONIGHT[0]) == ["Anna"]
        decide = ("decide", "1", "--to", elio.number, "--by", carla.number)
        assert "only a coordinator decides this" in command(
            "decide", "1", "--to", elio.number, "--by", elio.number, "--reason", "I want it"
        )
        done = command(*decide, "--reason", "nobody else is left")
        assert "Offer 1 is given to Elio Prova." in done
        assert "R16 2026" in done
        elio.reads("assegnato a te")
        anna.reads("ora è di un collega")
        assert on_at(database, TONIGHT[0]) == ["Elio"]


class TestByCall:
    @pytest.fixture
    def settings(self) -> Mapping[str, object]:
        return {}

    def test_those_who_cannot_be_texted_are_rung_one_after_the_other(
        self,
        anna: Phone,
        bruno: Phone,
        dora: Phone,
        carla: Phone,
        command: Command,
        town: Town,
        database: Database,
    ) -> None:
        carla.is_now(answers_and_presses("1"))
        command("new", "--for", anna.number, "--by", anna.number)
        bruno.answers(within=20)
        bruno.hears("Cerchiamo chi prende un turno, volontari: lunedì 23, dalle ore ventidue alle ore sei.")
        assert not dora.is_ringing()
        bruno.presses("2")
        bruno.hears("Va bene, grazie lo stesso.")
        bruno.hung_up()
        dora.answers(within=90)
        dora.hears("Premi uno se lo prendi tu")
        dora.presses("1")
        dora.hears("Grazie: il turno è tuo, lunedì 23, dalle ore ventidue alle ore sei. Puoi riagganciare.")
        anna.answers(within=90)
        anna.hears(
            "il turno che hai offerto, lunedì 23, dalle ore ventidue alle ore sei, ora è di un collega."
        )
        anna.presses("1")
        anna.hears("Segnato, grazie.")
        assert on_at(database, TONIGHT[0]) == ["Dora"]
        town.passes(180)
        assert (bruno.times_rung(), dora.times_rung(), anna.times_rung()) == (1, 1, 1)
