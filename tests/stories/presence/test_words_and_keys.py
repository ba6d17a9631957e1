"""How does somebody on shift say by a key, or a text, that they are there, or that their shift ends?"""

from hotline.database import Database
from hotline.simulator.phones import Phone
from tests.stories.at_the_door import comes_in, with_pin
from tests.stories.conftest import Hire
from tests.stories.presence.saturday import Until, at, confirmed, from_to


def test_key_six_confirms_what_was_asked(hire: Hire, until: Until, database: Database) -> None:
    anna = with_pin(hire("Anna", 1, "volunteer", shift=from_to(15, 20)), database)
    until(at(14))
    comes_in(anna)
    anna.hears("Adesso non sei di turno.")
    anna.hears("sei ci sono")
    anna.presses("6")
    anna.hears("Segnato, grazie: ci sei.")
    anna.hears_nothing_like("fine turno", 10)
    anna.hangs_up()
    assert confirmed(database) == 1


def test_key_seven_near_the_end_names_what_is_owed_and_changes_nothing(
    bruno: Phone, until: Until, database: Database, caller: Phone
) -> None:
    comes_in(with_pin(bruno, database))
    bruno.presses("7")
    bruno.hears("Il tuo turno dura fino alle ore nove. Se devi smettere adesso, premi due.")
    bruno.hangs_up()
    until(at(8, 50, days=1))
    comes_in(bruno)
    bruno.hears("sette fine turno")
    bruno.presses("7")
    bruno.hears("Grazie. Richiamate in sospeso: 0, tue: 0. Fino alle ore nove sei ancora di turno.")
    bruno.hangs_up()
    caller.dials()
    bruno.rings(within=30)


def test_fine_turno_by_text(bruno: Phone, dora: Phone, until: Until) -> None:
    bruno.texts("Fine turno!")
    early = "Il tuo turno dura fino alle 9.00. Se devi smettere adesso, rispondi NON POSSO."
    assert bruno.reads("dura fino") == early
    until(at(8, 50, days=1))
    bruno.texts("fine turno, grazie")
    left = "Grazie. Richiamate in sospeso: 0, tue 0. Fino alle 9.00 sei ancora di turno."
    assert bruno.reads("in sospeso") == left
    dora.texts("FINE TURNO")
    dora.reads("Adesso non sei di turno")
