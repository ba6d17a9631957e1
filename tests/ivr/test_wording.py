"""Is everything that is said complete, short, discreet and true to the keys, in every language?"""

import re
import shutil
import tomllib
import wave
from datetime import time
from pathlib import Path

import pytest

from hotline.calls.heard import LONGEST_EXTRAS
from hotline.errors import BadInput, HotlineError
from hotline.ivr.prompt_rules import (
    TEXT,
    caller_rules,
    heard_seconds,
    longest_values,
    staff_rules,
    wording_problems,
)
from hotline.ivr.prompts import (
    CALLERS,
    JOINING_TONE,
    RINGING_TONE,
    SOFT_TONE,
    SOUNDS,
    STAFF,
    Wording,
    load_wording,
    spoken_hour,
    spoken_number,
)
from hotline.ivr.sounds.make_sounds import write_sounds, write_stand_ins
from hotline.ivr.text_length import fits_one_text, is_plain
from hotline.ivr.wording_files import read_languages
from hotline.profile import SHIPPED, Profile, load_profile
from hotline.telephony.instructions import Pause, Sound, Speech

IGLESIAS = load_profile(SHIPPED / "iglesias")
VALDOMBRA = load_profile(SHIPPED / "valdombra")
PROFILES = pytest.mark.parametrize("profile", [IGLESIAS, VALDOMBRA], ids=["iglesias", "valdombra"])
LANGUAGES = pytest.mark.parametrize("language", ["it", "en", "fr", "ro", "ar"])
LINE = "+39078133000"


def callers_of(profile: Profile) -> Wording:
    own = profile.wording_folder / "callers" if profile.wording_folder else None
    return load_wording(CALLERS, own)


def staff_of(profile: Profile) -> Wording:
    own = profile.wording_folder / "staff" if profile.wording_folder else None
    return load_wording(STAFF, own)


def words(heard: tuple[Speech | Sound | Pause, ...]) -> str:
    assert all(isinstance(part, Speech) for part in heard)
    return " ".join(part.text for part in heard if isinstance(part, Speech))


# --- complete, and nothing left over


@PROFILES
def test_every_prompt_of_a_profile_exists_in_every_language_and_is_short_enough(profile: Profile) -> None:
    assert wording_problems(callers_of(profile), staff_of(profile), profile) == ()


@LANGUAGES
def test_a_shipped_language_says_exactly_what_the_flow_knows(language: str) -> None:
    assert set(read_languages(CALLERS, None)[language].prompts) == {
        prompt_id
        for prompt_id, rule in caller_rules(IGLESIAS).items()
        if rule.required or prompt_id == "close.NAU"
    }


def test_the_staff_wording_has_no_orphan() -> None:
    assert set(read_languages(STAFF, None)["it"].prompts) == set(staff_rules(IGLESIAS))


def test_the_second_ambito_adds_only_prompts_that_its_flow_knows() -> None:
    own = Path(str(VALDOMBRA.wording_folder))
    assert {language.code for language in VALDOMBRA.languages} == {"it", "de", "lld"}
    known = set(caller_rules(VALDOMBRA)) | set(staff_rules(VALDOMBRA))
    files = [*own.glob("callers/*.toml"), *own.glob("staff/*.toml")]
    assert len(files) == 4
    for file in files:
        assert set(tomllib.loads(file.read_text(encoding="utf-8"))["prompts"]) <= known, file


def test_only_italian_counts_as_reviewed_until_a_native_has_read_the_others() -> None:
    assert callers_of(IGLESIAS).unreviewed(["it", "en", "fr", "ro", "ar"]) == ("en", "fr", "ro", "ar")
    assert callers_of(VALDOMBRA).unreviewed(["it", "de", "lld"]) == ("de", "lld")
    assert staff_of(IGLESIAS).unreviewed(["it"]) == ()


def test_staff_and_callers_are_told_apart_by_the_voice() -> None:
    assert callers_of(IGLESIAS).languages["it"].voice != staff_of(IGLESIAS).languages["it"].voice


# --- short


@PROFILES
def test_the_danger_sentence_ends_within_ten_seconds_in_every_language(profile: Profile) -> None:
    for language in profile.languages:
        values = longest_values(profile, language.code)
        assert heard_seconds(callers_of(profile), language.code, ["greeting.danger"], values) <= 10


@PROFILES
def test_phones_start_ringing_fifteen_seconds_after_the_first_word(profile: Profile) -> None:
    opening = ["greeting.danger", "greeting.stay"]
    assert heard_seconds(callers_of(profile), "it", opening, longest_values(profile, "it")) <= 15


@PROFILES
def test_the_menu_is_over_before_patience_is(profile: Profile) -> None:
    callers = callers_of(profile)
    choices = [(category.code, category.key) for category in profile.categories if category.spoken == "menu"]
    for language in profile.languages:
        ids = ["menu.lead", *(f"menu.{code}" for code, _ in choices)]
        names = [other.code for other in profile.languages if other.key]
        values = longest_values(profile, language.code)
        seconds = heard_seconds(callers, language.code, ids, values)
        languages = sum(heard_seconds(callers, name, ["language.own_name"], values) for name in names)
        assert seconds + languages <= 20


@PROFILES
def test_no_sentence_of_the_hold_is_longer_than_seventeen_seconds(profile: Profile) -> None:
    for language in profile.languages:
        values = longest_values(profile, language.code)
        for prompt_id in caller_rules(profile):
            if prompt_id.startswith("hold."):
                assert heard_seconds(callers_of(profile), language.code, [prompt_id], values) <= 17


@PROFILES
def test_a_responder_knows_who_what_and_which_key_within_eight_seconds(profile: Profile) -> None:
    topics = [f"topic.{category.code}" for category in profile.categories] + ["topic.none"]
    for language in profile.languages:
        for topic in topics:
            whisper = ["whisper.waiting", topic, f"language_name.{language.code}", "whisper.keys"]
            assert heard_seconds(staff_of(profile), "it", whisper, longest_values(profile, "it")) <= 8


@PROFILES
def test_all_that_a_caller_answered_by_key_is_told_in_two_facts_and_eight_seconds(profile: Profile) -> None:
    told = ["extra.danger_now", "extra.cannot_speak_near"]
    assert len(told) == LONGEST_EXTRAS
    assert heard_seconds(staff_of(profile), "it", told, longest_values(profile, "it")) <= 8


@PROFILES
def test_whoever_is_to_dial_112_knows_it_and_that_nobody_can_speak_within_twelve_seconds(
    profile: Profile,
) -> None:
    told = ["called_in.emergency", "extra.silent_near", "called_in.emergency_keys"]
    assert heard_seconds(staff_of(profile), "it", told, longest_values(profile, "it")) <= 12


@PROFILES
def test_every_text_goes_out_as_one_sms(profile: Profile) -> None:
    values = longest_values(profile, "it")
    for prompt_id, rule in staff_rules(profile).items():
        if rule.seconds == TEXT:
            text = staff_of(profile).write("it", prompt_id, values)
            assert is_plain(text), text
            assert fits_one_text(text), text
    for language in ("it", "en", "fr", "ro", "ar", "de"):
        for prompt_id in ("text.received", "text.appointment", "text.number"):
            assert fits_one_text(callers_of(VALDOMBRA).write(language, prompt_id, values))


# --- discreet

NAMED = re.compile(
    "violen|minacc|polizia|carabinier|forze dell|assistente sociale|servizi sociali|antiviolenza|stalking"
    "|threat|police|social worker|menace|forces de l|travailleur social|assistant social"
    "|amenin|poliți|forțe de|asistent|gewalt|polizei|bedroh|sozial"
    "|عنف|تهديد|شرطة|الأمن|الاجتماعي",
    re.IGNORECASE,
)
CALLED_BEFORE = re.compile(
    r"di nuovo|bentorn|ricolleg|un'altra volta|\bagain\b|\bback\b|welcome|de nouveau|encore|rebonjour"
    "|din nou|iarăși|mai devreme|wieder|erneut|مرة أخرى|مجدد|من جديد",
    re.IGNORECASE,
)
MAY_NAME_THEM = ("greeting.", "menu.", "close.", "fallback.last", "chosen.PRO", "chosen.ENT", "text.")


@PROFILES
def test_after_a_key_nothing_names_violence_police_or_social_workers(profile: Profile) -> None:
    callers = callers_of(profile)
    for language in profile.languages:
        for prompt_id, prompt in callers.languages[language.code].prompts.items():
            if prompt_id in caller_rules(profile) and not prompt_id.startswith(MAY_NAME_THEM):
                assert not NAMED.search(prompt.text), (language.code, prompt_id)


@PROFILES
def test_nothing_shows_that_somebody_called_before(profile: Profile) -> None:
    callers = callers_of(profile)
    for language in profile.languages:
        for prompt_id, prompt in callers.languages[language.code].prompts.items():
            if prompt_id.startswith(("greeting.", "redial.", "chosen.", "error.", "hold.calling")):
                assert not CALLED_BEFORE.search(prompt.text), (language.code, prompt_id)


@LANGUAGES
def test_redial_and_first_call_sound_alike(language: str) -> None:
    callers = callers_of(IGLESIAS)
    assert words(callers.speak(language, "redial.connecting")) == words(callers.speak(language, "chosen.ORI"))


@PROFILES
def test_112_is_always_said_digit_by_digit(profile: Profile) -> None:
    spelled = {"it": "uno uno due", "en": "one one two", "fr": "un un deux", "ro": "unu unu doi"}
    spelled |= {"ar": "واحد واحد اثنان", "de": "eins eins zwei"}
    for language in profile.languages:
        for prompt_id, prompt in callers_of(profile).languages[language.code].prompts.items():
            if not prompt_id.startswith(("text.", "hour.")):
                assert not re.search(r"\d", re.sub(r"\{\w+\}", "", prompt.text)), prompt_id
        if language.code in spelled:
            danger = callers_of(profile).languages[language.code].prompts["close.danger"].text
            assert spelled[language.code] in danger


def test_keys_come_from_the_flow_so_speech_and_keypad_cannot_drift() -> None:
    digits = "uno|due|tre|quattro|cinque|sei|sette|otto|nove|zero"
    fixed = r"uno uno due|uno cinque due due|uno uno quattro|uno uno sei|uno uno sette|prossime due ore"
    for audience in (callers_of(IGLESIAS), staff_of(IGLESIAS)):
        for prompt_id, prompt in audience.languages["it"].prompts.items():
            if not prompt_id.startswith(("digit.", "hour.")):
                said = re.sub(fixed, "", prompt.text)
                assert not re.search(rf"\b(prem[ai]|asterisco e) (ancora )?({digits})\b", said), prompt_id


def test_texts_to_staff_carry_nothing_of_a_caller() -> None:
    allowed = {"line", "time", "from", "to", "date", "roles", "link", "calls", "lost", "heavy", "pending"}
    allowed |= {"count", "mine", "forms"}  # how many are owed, never whom
    allowed |= {"back", "why"}  # the other shift of a trade, and why a take was refused
    allowed |= {"missing", "changes"}
    for prompt_id, rule in staff_rules(IGLESIAS).items():
        if rule.seconds == TEXT:
            text = staff_of(IGLESIAS).languages["it"].prompts[prompt_id].text
            assert rule.values <= allowed
            assert not NAMED.search(text)
    for prompt_id, rule in staff_rules(IGLESIAS).items():
        # The one exception is spoken on request, to the social worker or to whoever dials 112.
        allowed = {"caller"} if prompt_id == "room.number" else set()
        assert not (rule.values - allowed) & {"number", "caller", "caller_number", "address"}


# --- true to the values


def test_a_prompt_says_the_digit_that_the_flow_uses() -> None:
    callers = callers_of(IGLESIAS)
    assert words(callers.speak("it", "promise.confirm", {"key_call_back": "8"})).startswith(
        "Ha premuto otto."
    )
    assert words(callers.speak("en", "promise.confirm", {"key_call_back": "9"})).startswith(
        "You pressed nine."
    )
    assert words(callers.menu("it", [("VIO", "1"), ("ALL", "4")])) == (
        "Oppure prema uno per violenza o minacce, quattro per letto o pasto."
    )


def test_a_missing_value_is_named_with_its_prompt() -> None:
    with pytest.raises(HotlineError, match=r"'promise.confirm' in it needs a value for \{key_call_back\}"):
        callers_of(IGLESIAS).speak("it", "promise.confirm")


def test_a_key_that_is_no_digit_is_refused() -> None:
    with pytest.raises(HotlineError, match="one digit"):
        callers_of(IGLESIAS).speak("it", "promise.confirm", {"key_call_back": "12"})


@pytest.mark.parametrize(
    ("language", "moment", "said"),
    [
        ("it", time(3, 40), "le tre e 40"),
        ("it", time(1, 0), "l'una"),
        ("it", time(12, 0), "mezzogiorno"),
        ("en", time(3, 5), "3:05"),
        ("en", time(9, 0), "9:00"),
        ("fr", time(21, 15), "vingt et une heures 15"),
        ("ro", time(2, 10), "ora două și 10"),
        ("ar", time(3, 40), "الساعة الثالثة و40 دقيقة"),
    ],
)
def test_hours_are_said_as_people_say_them(language: str, moment: time, said: str) -> None:
    callers = callers_of(IGLESIAS)
    assert spoken_hour(callers, language, moment.hour, moment.minute) == said
    promise = words(callers.speak(language, "promise.agreed", {"hour": moment, "number": LINE}))
    assert said in promise


def test_numbers_to_dial_are_said_digit_by_digit() -> None:
    callers = callers_of(IGLESIAS)
    assert spoken_number(callers, "it", LINE) == "zero sette otto uno, tre tre zero zero zero"
    assert (
        spoken_number(callers, "en", "+393400000001") == "three four zero, zero zero zero, zero zero zero one"
    )
    heard = words(callers.speak("fr", "promise.agreed", {"hour": time(3, 40), "number": LINE}))
    assert "zéro sept huit un, trois trois zéro zéro zéro" in heard


@PROFILES
def test_the_line_is_said_as_the_profile_says_it(profile: Profile) -> None:
    callers, number = callers_of(profile), profile.service.phone_number
    for language, said in profile.service.spoken_number.items():
        if not callers.languages[language].audio_only:
            assert re.sub(r"[,،\s]+", " ", spoken_number(callers, language, number)) == re.sub(
                r"[,،\s]+", " ", said
            )


def test_what_is_read_is_written_in_figures() -> None:
    text = staff_of(IGLESIAS).write("it", "sms.taken", {"line": LINE, "time": time(3, 10)})
    assert text == "0781 33000: ti abbiamo cercato alle 3.10. Ha risposto un collega, non serve richiamare."


# --- a language that is audio only, and prompts replaced by recordings


def test_ladin_is_heard_from_recordings_and_says_keys_and_hours_digit_by_digit() -> None:
    callers = callers_of(VALDOMBRA)
    heard = callers.speak("lld", "promise.agreed", {"hour": time(3, 40), "number": "+390500000000"})
    files = [part.path.rpartition("/")[2] for part in heard if isinstance(part, Sound)]
    assert len(files) == len(heard)
    assert files[:5] == [
        "promise.agreed.1.wav",
        "digit.3.wav",
        "digit.4.wav",
        "digit.0.wav",
        "promise.agreed.2.wav",
    ]
    assert isinstance(heard[0], Sound)
    assert heard[0].caption.startswith("ladino: Va bene.")


def test_every_recording_named_is_a_wav_that_a_telephone_can_play() -> None:
    folder = Path(str(VALDOMBRA.wording_folder)) / "callers" / "lld"
    files = [*folder.glob("*.wav"), *SOUNDS.glob("*.wav")]
    assert len(files) > 60
    for path in files:
        with wave.open(str(path), "rb") as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (1, 8000)
            assert sound.getnframes() > 0


def test_the_tones_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    for path in write_sounds(tmp_path):
        assert path.read_bytes() == (SOUNDS / path.name).read_bytes()
    assert {tone.path.rpartition("/")[2] for tone in (RINGING_TONE, SOFT_TONE, JOINING_TONE)} == {
        path.name for path in SOUNDS.glob("*.wav")
    }
    own = Path(str(VALDOMBRA.wording_folder)) / "callers"
    shutil.copy(own / "lld.toml", tmp_path)
    made = write_stand_ins(tmp_path / "lld.toml")
    assert {path.name for path in made} == {path.name for path in (own / "lld").iterdir()}
    for path in made:
        assert path.read_bytes() == (own / "lld" / path.name).read_bytes()


def test_one_prompt_can_be_replaced_by_a_recording(tmp_path: Path) -> None:
    own = tmp_path / "callers"
    (own / "it").mkdir(parents=True)
    (own / "it.toml").write_text(
        '[prompts]\n"hold.quiet" = { audio = "quiet.wav", text = "Restiamo in linea." }\n'
    )
    (own / "it" / "quiet.wav").write_bytes((SOUNDS / "soft.wav").read_bytes())
    callers = load_wording(CALLERS, own)
    assert callers.speak("it", "hold.quiet") == (Sound("/audio/callers/it/quiet.wav", "Restiamo in linea."),)
    assert callers.audio_file("it", "quiet.wav") == own / "it" / "quiet.wav"
    assert callers.audio_file("it", "../it.toml") is None
    assert wording_problems(callers, staff_of(IGLESIAS), IGLESIAS) == ()
    (own / "it" / "quiet.wav").unlink()
    assert "no such file" in wording_problems(callers, staff_of(IGLESIAS), IGLESIAS)[0]


# --- a faulty wording is noticed by the check, and never leaves a caller without words


def test_what_a_language_lacks_is_heard_in_italian_and_reported(tmp_path: Path) -> None:
    shutil.copytree(CALLERS, tmp_path / "callers")
    file = tmp_path / "callers" / "fr.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if "hold.quiet" not in line), encoding="utf-8")
    callers = load_wording(tmp_path / "callers")
    assert words(callers.speak("fr", "hold.quiet")) == "Restiamo in linea."
    assert wording_problems(callers, staff_of(IGLESIAS), IGLESIAS) == (
        "The callers wording in fr lacks 'hold.quiet'.",
    )


@pytest.mark.parametrize(
    ("prompt", "complaint"),
    [
        ('"hold.quiet" = "{caller_number} resta in linea"', "asks for {caller_number}"),
        ('"hold.quiet" = "Resti, resti, resti, resti, resti, resti, resti in linea"', "lasts 4.5 s"),
        ('"text.received" = "Ricevuto. Țară"', ""),
        (f'"text.received" = "{"Ricevuto. È " * 9}"', "does not fit one SMS"),
    ],
)
def test_a_prompt_that_breaks_a_rule_is_named(tmp_path: Path, prompt: str, complaint: str) -> None:
    (tmp_path / "it.toml").write_text(f"[prompts]\n{prompt}\n", encoding="utf-8")
    found = wording_problems(load_wording(CALLERS, tmp_path), staff_of(IGLESIAS), IGLESIAS)
    assert complaint in " ".join(found)
    assert bool(found) == bool(complaint)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[prompts\n", "cannot be read as TOML"),
        ("[prompt]\n", r"unknown table \[prompt\]"),
        ('[prompts]\n"hold.quiet" = ""\n', '"hold.quiet" must be text'),
        ('[prompts]\n"hold.quiet" = 3\n', '"hold.quiet" must be text'),
        ('[prompts]\n"hold.quiet" = { audio = "../x.wav" }\n', "plain file names"),
        ('[language]\nspeed = "slow"\n', "speed is unknown"),
        ('[language]\nhours = ["una"]\n', "24 entries"),
        ('[language]\ncode = "xx"\n', "the file is called it.toml"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    tmp_path: Path, content: str, complaint: str
) -> None:
    (tmp_path / "it.toml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=complaint):
        load_wording(CALLERS, tmp_path)


def test_a_new_language_must_introduce_itself(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_text('[prompts]\n"hold.quiet" = "..."\n', encoding="utf-8")
    with pytest.raises(BadInput, match="lacks code"):
        load_wording(CALLERS, tmp_path)


def test_an_unknown_prompt_is_an_error_that_says_where_to_add_it() -> None:
    with pytest.raises(HotlineError, match=r"no prompt 'hold.music' .* add it to .*it\.toml"):
        callers_of(IGLESIAS).speak("en", "hold.music")
