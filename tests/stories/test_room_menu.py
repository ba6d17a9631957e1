"""What can a responder do in the middle of a conversation, and what is asked after it?"""

from collections.abc import Callable
from datetime import datetime

import pytest

from hotline.database import Database
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import ROME
from tests.stories.listening import longest_silence
from tests.stories.owed import contact, follow_up
from tests.stories.records import Record
from tests.stories.test_room import meet, meet_with_the_social_worker

Written = Callable[[], Record]
TEN_IN_THE_MORNING = datetime(2026, 11, 22, 10, 0, tzinfo=ROME)


def open_menu(responder: Phone, caller: Phone) -> None:
    """Let a responder press the star and hear the menu, while the caller is asked to wait."""
    responder.presses("*")
    responder.hears("uno assistente sociale", within=5)
    caller.hears("torna tra pochi secondi", within=5)


def test_the_star_opens_a_menu_and_silence_goes_back(caller: Phone, anna: Phone) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.talks_with_nobody()
    anna.hears("Nove chiudi")
    caller.talks_with(anna, within=12)


def test_three_goes_back_at_once(caller: Phone, anna: Phone) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("3")
    caller.talks_with(anna, within=5)


def test_a_caller_who_waits_for_the_menu_is_never_left_in_silence(caller: Phone, anna: Phone) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    caller.talks_with(anna, within=20)
    assert longest_silence(caller) < 10


def test_the_social_worker_is_called_in_and_the_responder_is_straight_back(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(5)
    open_menu(anna, caller)
    rung_before = bruno.times_rung()
    anna.presses("1")
    anna.hears("Intanto chiamiamo")
    caller.talks_with(anna, within=5)
    lucia.rings(within=5)
    lucia.answers()
    lucia.hears("Anna è al telefono con una persona")
    caller.talks_with(anna)
    lucia.presses("1")
    caller.talks_with(anna, lucia)
    assert bruno.times_rung() == rung_before


def test_nobody_takes_it_and_nothing_changes_for_the_caller(
    caller: Phone, anna: Phone, lucia: Phone, town: Town
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("1")
    lucia.answers(within=10)
    lucia.presses("2")
    lucia.hung_up(within=20)
    town.passes(60)
    caller.talks_with(anna)


def lucia_hears_an_alarm(town: Town, lucia: Phone) -> None:
    """Let another caller leave unanswered, so that the social worker is told by telephone."""
    other = town.phone("Other", "+393400000098")
    other.dials()
    town.passes(20)
    other.hangs_up()
    lucia.answers(within=30)
    lucia.hears("Una persona ha riagganciato")


def test_a_coordinator_is_called_in_while_the_social_worker_hears_an_alarm(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    meet(caller, anna)
    lucia_hears_an_alarm(town, lucia)
    rung_before = lucia.times_rung()
    open_menu(anna, caller)
    anna.presses("1")
    anna.hears("Intanto chiamiamo")
    carla.answers(within=10)
    carla.presses("1")
    caller.talks_with(anna, carla)
    assert lucia.times_rung() == rung_before


def test_a_coordinator_is_called_in_while_the_social_worker_talks_with_somebody_else(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    meet(caller, anna)
    other = town.phone("Other", "+393400000098")
    other.dials()
    bruno.declines(within=40)
    lucia.answers(within=40)
    lucia.presses("1")
    other.talks_with(lucia)
    open_menu(anna, caller)
    anna.presses("1")
    carla.answers(within=10)
    carla.presses("1")
    caller.talks_with(anna, carla)
    other.talks_with(lucia)


def test_whoever_wants_one_more_hears_it_when_nobody_is_free(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    other = town.phone("Other", "+393400000098")
    other.dials()
    bruno.declines(within=40)
    carla.answers(within=90)
    carla.presses("1")
    other.talks_with(carla)
    anna.presses("*")
    anna.hears("uno assistente sociale", within=5)
    anna.presses("1")
    anna.hears("Nessuno può entrare adesso")
    caller.talks_with(anna, within=15)


def test_the_call_is_handed_over_and_the_first_responder_leaves(
    caller: Phone, anna: Phone, bruno: Phone, lucia: Phone, carla: Phone, written: Written
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("2")
    bruno.answers(within=10)
    bruno.hears("Anna è al telefono")
    bruno.presses("1")
    caller.talks_with(anna, bruno)
    lucia.stops_ringing()
    carla.stops_ringing()
    anna.hangs_up()
    caller.talks_with(bruno, within=10)
    caller.hears_nothing_like("Se avete finito")
    caller.hangs_up()
    assert written().call.outcome == "answered"


def test_somebody_is_rung_to_dial_112_and_hears_the_number_on_request(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("4")
    lucia.rings(within=5)
    carla.answers(within=5)
    carla.hears("Serve chi chiami l'uno uno due")
    carla.presses("1")
    carla.hears("Ascolta l'indirizzo")
    caller.talks_with(anna, carla)
    lucia.stops_ringing()
    carla.presses("*")
    carla.hears("sette il numero di chi chiama", within=25)
    carla.presses("7")
    carla.hears("Il numero di chi chiama", within=5)


def test_whoever_is_to_dial_112_and_is_slow_hears_it_twice_and_may_still_come(
    caller: Phone, anna: Phone, carla: Phone
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("4")
    carla.answers(within=5)
    for _ in range(2):
        carla.hears("Serve chi chiami l'uno uno due", within=20)
    carla.presses("1")
    carla.hears("Ascolta l'indirizzo")
    caller.talks_with(anna, carla)


def meet_in_silence(caller: Phone, anna: Phone, town: Town, near: str = "1") -> None:
    """Let the caller key violence, that they cannot speak, in danger, and whether somebody is near."""
    caller.dials()
    caller.presses("1")
    caller.hears("Se non può parlare, prema un tasto")
    caller.presses("5")
    caller.hears("È in pericolo adesso?")
    caller.presses("1")
    caller.hears("C'è qualcuno vicino?")
    town.passes(2)
    caller.presses(near)
    town.passes(2)
    anna.answers()
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(5)


def ask_in_the_menu(responder: Phone, key: str) -> None:
    """Let a responder ask by star and key for somebody to come."""
    responder.presses("*")
    responder.hears("uno assistente sociale", within=5)
    responder.presses(key)


@pytest.mark.parametrize("key", ["1", "2"])
def test_whoever_is_called_in_hears_before_joining_that_the_caller_cannot_speak(
    caller: Phone, anna: Phone, lucia: Phone, town: Town, key: str
) -> None:
    meet_in_silence(caller, anna, town)
    ask_in_the_menu(anna, key)
    lucia.answers(within=10)
    lucia.hears(
        "Anna è al telefono con una persona. Violenza. È in pericolo adesso. "
        "Non può parlare, c'è qualcuno vicino: domande da sì o no. Premi uno per entrare"
    )
    lucia.presses("1")
    caller.talks_with(anna, lucia)


@pytest.mark.parametrize(
    ("near", "told"), [("1", "Non può parlare, c'è qualcuno vicino."), ("2", "Non può parlare.")]
)
def test_whoever_is_to_dial_112_hears_in_few_words_that_the_caller_cannot_speak(
    caller: Phone, anna: Phone, carla: Phone, town: Town, near: str, told: str
) -> None:
    meet_in_silence(caller, anna, town, near)
    ask_in_the_menu(anna, "4")
    carla.answers(within=5)
    for _ in range(2):
        carla.hears(
            f"Un collega parla con una persona in pericolo. {told} Serve chi chiami l'uno uno due", within=20
        )
    carla.presses("1")
    carla.hears("Ascolta l'indirizzo")
    caller.talks_with(anna, carla)


def test_whoever_is_rung_back_hears_again_that_the_caller_cannot_speak(
    caller: Phone, anna: Phone, town: Town
) -> None:
    meet_in_silence(caller, anna, town)
    anna.hangs_up()
    anna.answers(within=60)
    anna.hears(
        "La persona è ancora in linea. È in pericolo adesso. "
        "Non può parlare, c'è qualcuno vicino: domande da sì o no. Premi uno per tornare"
    )
    anna.presses("1")
    caller.talks_with(anna)


def test_a_private_word_without_the_caller_and_then_all_three(
    caller: Phone, anna: Phone, lucia: Phone
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("6")
    caller.talks_with(anna, within=5)
    lucia.answers(within=10)
    lucia.presses("1")
    anna.talks_with(lucia, within=10)
    caller.talks_with_nobody()
    caller.hears("torna tra pochi secondi")
    anna.presses("*")
    caller.talks_with(anna, lucia, within=10)


def test_a_private_word_lasts_a_minute_at_most(caller: Phone, anna: Phone, lucia: Phone) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("6")
    lucia.answers(within=10)
    lucia.presses("1")
    began = anna.talks_with(lucia, within=10)
    together = caller.talks_with(anna, lucia, within=75)
    assert 55 <= (together - began).total_seconds() <= 65
    assert longest_silence(caller) <= 10


def test_a_private_word_that_begins_before_the_caller_is_back_is_not_cut_short_either(
    caller: Phone, anna: Phone, lucia: Phone
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("6")
    caller.talks_with(anna, within=5)
    anna.waits(3)
    lucia.answers(within=10)
    lucia.presses("1")
    began = anna.talks_with(lucia, within=10)
    together = caller.talks_with(anna, lucia, within=75)
    assert 55 <= (together - began).total_seconds() <= 65


def begin_a_private_word(caller: Phone, anna: Phone, lucia: Phone) -> None:
    """Let Anna ask Lucia for a word without the caller, who waits."""
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("6")
    caller.talks_with(anna, within=5)
    lucia.answers(within=10)
    lucia.presses("1")
    anna.talks_with(lucia, within=10)


def test_the_caller_hangs_up_during_the_private_word_and_both_are_told_at_once(
    caller: Phone, anna: Phone, lucia: Phone, written: Written
) -> None:
    begin_a_private_word(caller, anna, lucia)
    caller.hangs_up()
    anna.hears("La telefonata è finita, grazie", within=5)
    lucia.hears("La telefonata è finita, grazie", within=5)
    anna.talks_with_nobody()
    lucia.hears("Due serve subito", within=15)
    anna.presses("1")
    lucia.presses("1")
    anna.hears("Segnato, grazie")
    lucia.hears("Segnato, grazie")
    anna.hung_up()
    lucia.hung_up()
    assert written().call.outcome == "answered"


def test_who_hung_up_during_the_private_word_and_calls_again_reaches_the_same_responder(
    caller: Phone, anna: Phone, lucia: Phone
) -> None:
    begin_a_private_word(caller, anna, lucia)
    caller.hangs_up()
    anna.hears("Uno conclusa", within=15)
    anna.presses("1")
    anna.hung_up()
    caller.dials()
    anna.answers(within=40)
    anna.presses("1")
    caller.talks_with(anna)


def test_a_colleague_who_is_with_the_caller_during_the_private_word_hears_the_keys_once(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    anna.presses("*")
    anna.hears("uno assistente sociale", within=5)
    anna.presses("6")
    carla.answers(within=10)
    carla.presses("1")
    anna.talks_with(carla, within=10)
    caller.talks_with(lucia, within=30)
    town.passes(5)
    caller.hangs_up()
    for phone in (anna, carla, lucia):
        phone.hears("La telefonata è finita, grazie", within=5)
    assert lucia.heard().count("La telefonata è finita") == 1


def test_without_an_interpreter_the_responder_is_told(caller: Phone, anna: Phone) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("5")
    anna.hears("Nessuno può entrare adesso")
    caller.talks_with(anna)


def test_nine_asks_once_more_says_goodbye_and_ends(
    caller: Phone, anna: Phone, town: Town, written: Written
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("9")
    anna.hears("Premi ancora nove")
    anna.presses("9")
    caller.hears(
        "La telefonata finisce qui. Può richiamare quando vuole. In pericolo: uno uno due.", within=15
    )
    caller.hung_up(within=10)
    anna.hears("La telefonata è finita")
    town.everybody_hung_up(within=60)
    assert written().call.outcome == "answered"


def test_an_offence_closes_the_call_with_other_words_and_blocks_nobody(
    caller: Phone, anna: Phone, town: Town
) -> None:
    meet(caller, anna)
    open_menu(anna, caller)
    anna.presses("9")
    anna.hears("Premi ancora nove")
    anna.presses("1")
    caller.hears("Chiudiamo questa telefonata. Se ha bisogno di aiuto, richiami.", within=15)
    town.everybody_hung_up(within=60)
    town.passes(120)
    caller.dials()
    anna.rings()


def test_the_keys_after_the_call(caller: Phone, anna: Phone, town: Town, written: Written) -> None:
    meet(caller, anna)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Uno conclusa", within=15)
    anna.presses("1")
    anna.hears("Segnato, grazie")
    anna.hung_up()
    assert written().follow_up is None


def test_the_social_worker_is_wanted_at_once_after_the_call(
    caller: Phone, anna: Phone, lucia: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Due serve subito", within=15)
    anna.presses("2")
    anna.hung_up()
    lucia.rings(within=60)


def test_whoever_is_wanted_after_the_call_hears_so_and_who_has_talked_with_the_person(
    caller: Phone, anna: Phone, lucia: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Due serve subito", within=15)
    anna.presses("2")
    lucia.answers(within=60)
    lucia.hears("Un collega ha parlato con una persona e chiede l'assistente sociale. Premi uno")
    lucia.hears_nothing_like("Anna")
    lucia.presses("1")
    lucia.hears("Grazie, è tua. Ha parlato con la persona Anna")
    lucia.hears_nothing_like("ha riagganciato")
    lucia.hung_up()


class TestWithANumberForTexts:
    @pytest.fixture
    def settings(self) -> dict[str, object]:
        return {"sms_number": "+393400000070"}

    def test_whoever_is_wanted_after_the_call_reads_so(
        self, caller: Phone, anna: Phone, lucia: Phone, town: Town
    ) -> None:
        meet(caller, anna)
        town.passes(30)
        caller.hangs_up()
        anna.hears("Due serve subito", within=15)
        anna.presses("2")
        lucia.reads("ti cercano. Rispondi alla prossima chiamata o chiama lo 0781 33000.", within=30)


def test_the_social_worker_is_wanted_at_once_also_where_a_promise_was_kept_in_the_call(
    caller: Phone, anna: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    caller.dials()
    anna.rings()
    caller.presses("88", every=2.0)
    caller.hears("La richiama una persona")
    anna.answers(within=60)
    anna.presses("1")
    caller.talks_with(anna)
    town.passes(20)
    caller.hangs_up()
    anna.hears("Due serve subito", within=15)
    assert follow_up(database).state == "done"
    anna.presses("2")
    anna.hung_up()
    lucia.rings(within=60)
    assert (follow_up(database).kind, follow_up(database).state) == ("review", "open")
    assert contact(database).number is None, "nobody calls back whom somebody has talked with"


def says_tomorrow_after_the_talk(anna: Phone, caller: Phone, town: Town) -> None:
    """Let Anna ask for the social worker tomorrow, once the caller has hung up."""
    meet(caller, anna)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Tre serve domani", within=15)
    anna.presses("3")
    anna.hung_up()


class TestBeforeTheMorning:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return datetime(2026, 11, 22, 7, 40, tzinfo=ROME)

    def test_the_social_worker_is_wanted_tomorrow_and_rung_in_the_morning(
        self, caller: Phone, anna: Phone, lucia: Phone, town: Town, database: Database
    ) -> None:
        says_tomorrow_after_the_talk(anna, caller, town)
        assert (follow_up(database).grade, follow_up(database).due_at) == ("morning", TEN_IN_THE_MORNING)
        town.passes(2900)
        lucia.never_rang()
        lucia.answers(within=200)
        lucia.hears("Un collega ha parlato con una persona e chiede l'assistente sociale")
        lucia.presses("1")
        lucia.hears("Ha parlato con la persona Anna")
        lucia.hung_up()
        rung = lucia.times_rung()
        town.passes(1800)
        assert lucia.times_rung() == rung


class TestByDay:
    @pytest.fixture
    def starts_at(self) -> datetime:
        return datetime(2026, 11, 21, 9, 0, tzinfo=ROME)

    def test_tomorrow_is_not_today(
        self, caller: Phone, anna: Phone, lucia: Phone, town: Town, database: Database
    ) -> None:
        says_tomorrow_after_the_talk(anna, caller, town)
        assert follow_up(database).due_at == TEN_IN_THE_MORNING


def test_who_says_at_once_is_heard_although_a_colleague_has_said_tomorrow(
    caller: Phone, anna: Phone, lucia: Phone, carla: Phone, town: Town
) -> None:
    meet_with_the_social_worker(caller, anna, lucia)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Tre serve domani", within=15)
    anna.presses("3")
    anna.hung_up()
    lucia.hears("Due serve subito", within=15)
    rung = lucia.times_rung()
    lucia.presses("2")
    lucia.hung_up()
    town.passes(60)
    assert lucia.times_rung() > rung


def test_after_a_heavy_call_others_ring_first(
    caller: Phone, anna: Phone, bruno: Phone, town: Town, written: Written
) -> None:
    meet(caller, anna)
    town.passes(30)
    caller.hangs_up()
    anna.hears("Cinque è stata pesante", within=20)
    anna.presses("5")
    anna.hung_up()
    assert written().follow_up is not None
    town.passes(16 * 60)
    caller.dials()
    assert bruno.rings() < anna.rings()


def test_a_lost_line_is_rung_back_before_the_others(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(20)
    rung_before = bruno.times_rung()
    anna.hangs_up()
    caller.hears("Se avete finito, può riagganciare")
    anna.rings(within=20)
    assert bruno.times_rung() == rung_before
    anna.answers()
    anna.hears("La persona è ancora in linea")
    anna.presses("1")
    caller.talks_with(anna)


def test_a_lost_line_that_does_not_answer_lets_the_plan_resume(
    caller: Phone, anna: Phone, bruno: Phone, town: Town
) -> None:
    meet(caller, anna)
    town.passes(20)
    anna.hangs_up()
    caller.hears("Se avete finito, può riagganciare")
    anna.rings(within=20)
    bruno.rings(within=25)
    bruno.answers()
    bruno.presses("1")
    caller.talks_with(bruno)
    anna.stops_ringing()
