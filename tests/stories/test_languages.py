"""Does a caller who does not speak Italian hear their own language, and who answers them?"""

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.demo.rig import Rig
from hotline.profile import SHIPPED
from hotline.simulator.phones import Phone, Town
from tests.stories.conftest import Hire
from tests.stories.listening import longest_silence, record_documents, when_heard
from tests.stories.records import Record

Written = Callable[[], Record]

LANGUAGES = {
    "1": (
        "en",
        "If anyone is in danger now, hang up and call one one two",
        "violence or threats",
        "Inglese.",
    ),
    "2": ("fr", "raccrochez et appelez le un un deux", "violences ou menaces", "Francese."),
    "3": ("ro", "închideți și sunați la unu unu doi", "violență sau amenințări", "Rumeno."),
    "4": ("ar", "واحد واحد اثنان", "للعنف أو التهديد", "Arabo."),
}


def choose(caller: Phone, town: Town, key: str) -> None:
    """Dial, press nine, and the language's key."""
    caller.dials()
    town.passes(3)
    caller.presses("9")
    town.passes(2)
    caller.presses(key)


def test_nine_rings_at_once_and_names_each_language_in_itself(caller: Phone, town: Town, anna: Phone) -> None:
    caller.dials()
    town.passes(2)
    caller.presses("9")
    anna.rings(within=2)
    caller.hears("For English, press one. Pour le français, deux. Pentru română, trei. للعربية أربعة")


def test_each_language_is_announced_in_its_own_voice(
    caller: Phone, town: Town, rig: Rig, anna: Phone
) -> None:
    documents = record_documents(rig)
    caller.dials()
    town.passes(2)
    caller.presses("9")
    town.passes(1)
    said = next(text for text in documents if "For English, press one" in text)
    for tag, words in (("en-", "For English"), ("fr-", "Pour le"), ("ro-", "Pentru"), ("ar", "للعربية")):
        sentence = next(part for part in said.split("<Say") if words in part)
        assert f'language="{tag}' in sentence
        assert 'voice="' in sentence


@pytest.mark.parametrize("key", LANGUAGES)
def test_from_the_choice_on_everything_is_in_that_language(
    caller: Phone, town: Town, rig: Rig, anna: Phone, key: str, written: Written
) -> None:
    code, danger, menu, _ = LANGUAGES[key]
    documents = record_documents(rig)
    choose(caller, town, key)
    chosen_at = len(documents)
    caller.hears(danger, within=40)
    caller.hears(menu, within=60)
    town.passes(200)
    assert written().call.language == code
    assert longest_silence(caller) <= 10
    callers_own = [text for text in documents[chosen_at:] if "/twilio/caller?" in text]
    spoken = {part.split('"')[0] for text in callers_own for part in text.split('language="')[1:]}
    assert {tag.split("-")[0] for tag in spoken} == {code}


@pytest.mark.parametrize("key", LANGUAGES)
def test_a_category_chosen_in_another_language_counts_and_the_whisper_names_both(
    caller: Phone, town: Town, anna: Phone, lucia: Phone, key: str, written: Written
) -> None:
    choose(caller, town, key)
    town.passes(8)
    caller.presses("2")
    town.passes(2)
    anna.answers()
    anna.hears(f"Minore. {LANGUAGES[key][3]} Premi uno per rispondere")
    anna.presses("1")
    caller.talks_with(anna)
    assert written().call.category == "MIN"
    assert written().call.language == LANGUAGES[key][0]


@pytest.mark.parametrize("other", ["5", "0", "9", "*", "#", ""])
def test_no_language_chosen_is_no_reason_to_wait(
    caller: Phone, town: Town, anna: Phone, other: str, written: Written
) -> None:
    choose(caller, town, other)
    town.passes(20)
    anna.answers()
    anna.hears("Italiano. Premi uno")
    anna.presses("1")
    caller.talks_with(anna)
    assert written().call.language == "it"


def test_a_language_can_be_chosen_late(caller: Phone, town: Town, anna: Phone, written: Written) -> None:
    caller.dials()
    caller.hears("Stiamo chiamando chi è di turno", within=60)
    caller.presses("9")
    caller.hears("For English, press one")
    caller.presses("1")
    caller.hears("Stay on the line", within=40)
    assert written().call.language == "en"
    assert anna.times_rung() >= 1


def test_who_speaks_the_callers_language_is_rung_first_the_second_time(
    caller: Phone, town: Town, hire: Hire, bruno: Phone, anna: Phone
) -> None:
    choose(caller, town, "1")
    town.passes(100)
    assert anna.times_rung() >= 2
    assert anna.handset.rang_at[1] < bruno.handset.rang_at[1]


@pytest.fixture
def own_profile(tmp_path: Path) -> Path:
    """Iglesias, with one sentence recorded by a person."""
    folder = tmp_path / "own"
    shutil.copytree(SHIPPED / "iglesias", folder)
    callers = folder / "wording" / "callers"
    (callers / "it").mkdir(parents=True)
    (callers / "it.toml").write_text(
        '[language]\ncode = "it"\n\n[prompts]\n'
        '"greeting.stay" = { text = "Resti con noi.", audio = "greeting.stay.wav" }\n'
        '"hold.calling" = "Chiamiamo il gruppo di turno."\n'
    )
    with wave.open(str(callers / "it" / "greeting.stay.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000 * 3)
    return folder


class TestARecordedVoice:
    @pytest.fixture
    def settings(self, own_profile: Path) -> dict[str, object]:
        return {"profile": own_profile}

    def test_one_prompt_is_a_recording_another_is_reworded_and_the_rest_stays(
        self, caller: Phone, town: Town, rig: Rig, anna: Phone
    ) -> None:
        caller.dials()
        caller.hears("riagganci e chiami l'uno uno due")
        town.passes(8)
        assert len(when_heard(caller, "greeting.stay.wav")) == 1
        assert "risponde una persona" not in caller.heard()
        caller.hears("Chiamiamo il gruppo di turno", within=60)
        assert not rig.exchange.troubles
