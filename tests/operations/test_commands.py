"""Does every command say what a person can mend in one sentence, with its place, never as a traceback?"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from hotline.cli.terminal import main
from hotline.profile import SHIPPED

Run = Callable[..., tuple[int, str]]
ANNA = "name,phone,role,languages\nAnna Prova,+393400000001,volunteer,it\n"
KEYS = "a1" * 32
IGLESIAS = (SHIPPED / "iglesias" / "profile.toml").read_text(encoding="utf-8")
NOBODY_LISTENS = "postgresql://hotline:nothing@127.0.0.1:1/hotline"


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    database_url: str,
) -> Run:
    """Run `hotline …` with these settings; return its exit code and everything that it printed."""
    monkeypatch.chdir(tmp_path)

    def ran(*words: str, **settings: str) -> tuple[int, str]:
        given = {"DATABASE_URL": database_url, "SECRET_KEYS": KEYS} | settings
        with monkeypatch.context() as here:
            here.setenv("TWILIO_ACCOUNT_SID", "AC1")
            here.setenv("TWILIO_AUTH_TOKEN", "0")
            here.setenv("HOTLINE_TWILIO_API_URL", "http://127.0.0.1:1")
            here.setenv("HOTLINE_PUBLIC_URL", "https://hotline.example.org")
            for name, value in given.items():
                here.setenv(f"HOTLINE_{name}", value)
            here.setattr("sys.argv", ["hotline", *words])
            with pytest.raises(SystemExit) as left:
                main()
        printed = capsys.readouterr()
        return int(left.value.code or 0), printed.out + printed.err

    return ran


@pytest.fixture
def not_migrated(database_url: str) -> str:
    """Name a database without any table."""
    if database_url.startswith("sqlite"):
        Path(make_url(database_url).database or "").unlink()
        return database_url
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return database_url


@pytest.mark.parametrize("words", [["duty"], ["ring-plan"], ["calls"], ["follow-ups"]], ids=" ".join)
def test_before_the_schema_is_there_every_command_says_how_to_make_it(
    run: Run, not_migrated: str, words: list[str]
) -> None:
    assert run(*words, DATABASE_URL=not_migrated) == (
        1,
        "the database schema is not the newest: run hotline migrate\n",
    )


@pytest.mark.parametrize("words", [["calls"], ["follow-ups"], ["offers", "list"], ["texts"]], ids=" ".join)
def test_where_there_is_nothing_a_script_reads_an_empty_list(run: Run, words: list[str]) -> None:
    assert run(*words, "--json") == (0, "[]\n")


@pytest.mark.parametrize("words", [["duty"], ["migrate"]], ids=" ".join)
def test_a_database_that_is_not_there_is_one_line_without_its_password(run: Run, words: list[str]) -> None:
    code, said = run(*words, DATABASE_URL=NOBODY_LISTENS)
    assert code == 1
    assert said.count("\n") == 1
    assert "is it running, and does HOTLINE_DATABASE_URL" in said
    assert "nothing" not in said


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("PHONE_NUMBER", "112", "an emergency or service number is never called"),
        ("SMS_NUMBER", "1522", "an emergency or service number is never called"),
        ("PHONE_NUMBER", "zero", "has digits only"),
        ("LAST_RESORT", "+393400000001,112", "an emergency or service number is never called"),
        ("LAST_RESORT", "+33140000001", "is not an ordinary number of IT"),
        ("LAST_RESORT", "0781 33000", "this is the line itself; give the phones of people"),
        ("NIGHT", "8 to 8", "write it as 20:00-08:00"),
        ("ALLOWED_COUNTRIES", "Italy", "'ITALY' is not a country code; write IT, or IT,SM"),
        ("ALLOWED_COUNTRIES", "IT,XX", "'XX' is not a country code; write IT, or IT,SM"),
        ("ALLOWED_COUNTRIES", " , ", "no country is left to ring; write IT, or IT,SM"),
    ],
)
def test_a_wrong_setting_is_named_with_its_reason(run: Run, setting: str, value: str, reason: str) -> None:
    code, said = run("serve", **{setting: value})
    assert code == 1
    assert said.startswith(f"HOTLINE_{setting}: ")
    assert reason in said
    assert said.count("\n") == 1


def test_countries_may_be_written_small_and_with_blanks(run: Run) -> None:
    assert run("duty", ALLOWED_COUNTRIES="it, sm")[0] == 0


def test_people_in_countries_that_we_do_not_ring_are_nobody_on_shift(run: Run, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    shift = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%MZ},{now + timedelta(hours=1):%Y-%m-%dT%H:%MZ}"
    (tmp_path / "people.csv").write_text(ANNA)
    (tmp_path / "shifts.csv").write_text(
        f"phone,role,starts_at,ends_at\n+393400000001,volunteer,{shift}\n", encoding="utf-8"
    )
    assert run("people", "import", "people.csv") == (0, "1 added, 0 changed, 0 unchanged\n")
    assert run("shifts", "import", "shifts.csv") == (0, "1 added, 0 changed, 0 unchanged\n")
    assert "OK    on shift now: 1 of the volunteers" in run("check")[1]
    said = run("check", ALLOWED_COUNTRIES="FR")[1]
    assert "WARN  Anna Prova can never be rung: number not in the allowed countries" in said
    assert "FAIL  nobody can be rung" in said
    assert "OK    on shift" not in said


def test_whoever_is_to_be_rung_when_nothing_else_is_left_is_named_by_the_check_if_no_coordinator(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(
        "name,phone,role,languages\n"
        "Anna Prova,+393400000001,volunteer,it\n"
        "Carla Prova,+393400000004,coordinator,it\n"
    )
    run("people", "import", "people.csv")
    assert "WARN  HOTLINE_LAST_RESORT is not set: " in run("check")[1]
    said = run("check", LAST_RESORT="+393400000004")[1]
    assert "HOTLINE_LAST_RESORT" not in said
    said = run("check", LAST_RESORT="+393400000004,+393400000001,+393400000099")[1]
    assert "WARN  HOTLINE_LAST_RESORT names phones of no coordinator: •••001, •••099; correct it" in said


@pytest.mark.parametrize(
    ("number", "settings"),
    [
        ("+39 0781 33000", {}),
        ("+39 050 0000000", {"PHONE_NUMBER": "050 0000000"}),
        ("0781 33000", {"PHONE_NUMBER": "050 0000000"}),
        ("340 0000009", {"SMS_NUMBER": "+39 340 0000009"}),
    ],
)
def test_no_number_of_the_line_itself_becomes_somebodys_phone(
    run: Run, tmp_path: Path, number: str, settings: dict[str, str]
) -> None:
    (tmp_path / "people.csv").write_text(f"{ANNA}Zita Prova,{number},volunteer,it\n", encoding="utf-8")
    code, said = run("people", "import", "people.csv", **settings)
    assert code == 1
    assert "line 3: phone: a number of this line itself" in said
    assert "Anna" not in run("duty", **settings)[1]


def test_a_ring_plan_is_asked_only_for_a_language_of_this_line(run: Run) -> None:
    assert run("ring-plan", "--language", "xx") == (1, "--language xx: this profile has it, en, fr, ro, ar\n")
    code, said = run("ring-plan", "--language", "ro", "--json")
    assert code == 0
    assert json.loads(said)["tiers"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            'staff_language = "it"',
            'staff_language = "en"',
            "The staff wording has no language 'en'; there is it",
        ),
        ('code = "PRO"', 'code = "ZZZ"', "The callers wording in it lacks 'menu.ZZZ'"),
    ],
)
def test_a_profile_whose_words_are_not_there_does_not_begin_to_serve(
    run: Run, tmp_path: Path, before: str, after: str, reason: str
) -> None:
    own = tmp_path / "profile.toml"
    own.write_text(IGLESIAS.replace(before, after, 1), encoding="utf-8")
    code, said = run("serve", PROFILE=str(own))
    assert code == 1
    assert said.startswith(f"{own}: {reason}")
    assert len(said.splitlines()) == (1 if "language" in reason else 13)
    assert reason in run("check", PROFILE=str(own))[1]


def test_a_sentence_that_keeps_a_caller_from_112_too_long_does_not_begin_to_serve(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "profile.toml").write_text(IGLESIAS, encoding="utf-8")
    own = tmp_path / "wording" / "callers"
    own.mkdir(parents=True)
    (own / "it.toml").write_text(f'[prompts]\n"greeting.danger" = "{"Buongiorno a tutti. " * 17}"\n')
    code, said = run("serve", PROFILE=str(tmp_path))
    assert code == 1
    assert "The callers prompt 'greeting.danger' in it lasts" in said


def test_a_number_that_callers_would_keep_wrongly_and_a_landline_for_texts_are_warned_of(
    run: Run, tmp_path: Path
) -> None:
    own = tmp_path / "profile.toml"
    own.write_text(IGLESIAS.replace("zero sette otto uno,", "zero sette otto due,"), encoding="utf-8")
    wrong = "WARN  the number is not spoken as it is dialled in "
    landline = "WARN  HOTLINE_SMS_NUMBER is a landline"
    said = run("check", PROFILE=str(own), SMS_NUMBER="050 0000000")[1]
    assert f"{wrong}it: " in said
    assert landline in said
    assert f"{wrong}it, en, fr, ro, ar: " in run("check", PHONE_NUMBER="050 0000000")[1]
    for profile in ("iglesias", "valdombra"):
        said = run("check", PROFILE=str(SHIPPED / profile), SMS_NUMBER="340 0000009")[1]
        assert wrong not in said
        assert landline not in said


def test_a_number_verified_in_the_future_was_not_verified(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "profile.toml"
    own.write_text(IGLESIAS.replace('number = "112"', 'number = "112"\nverified_on = 2099-01-01', 1), "utf-8")
    said = run("check", PROFILE=str(own))[1]
    assert "FAIL  verified_on lies ahead of today: correct it: 112\n" in said
    assert re.search(r"WARN  \d+ useful numbers were not verified .*: 112,", said)


def test_whoever_leaves_is_rung_no_longer_and_the_shifts_that_stay_without_them_are_counted(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(ANNA)
    (tmp_path / "shifts.csv").write_text(
        "phone,role,starts_at,ends_at\n"
        "+393400000001,volunteer,2026-11-22 20:00,2026-11-23 08:00\n"
        "+393400000001,volunteer,2026-11-24 20:00,2026-11-25 08:00\n"
    )
    night = "2026-11-22T23:00:00+01:00"
    for kind in ("people", "shifts"):
        assert run(kind, "import", f"{kind}.csv", CLOCK_START=night)[0] == 0
    assert "--reason: say why" in run("people", "leave", "340 0000001", CLOCK_START=night)[1]
    code, said = run("people", "leave", "340 0000001", "--reason", "moved away", CLOCK_START=night)
    assert (code, said.splitlines()) == (
        0,
        [
            "Anna Prova is rung no longer.",
            "2 shifts are still theirs, and nobody answers in them: publish a rota without them.",
        ],
    )
    assert "Anna Prova: no longer active" in run("ring-plan", "--at", "2026-11-22T23:30:00+01:00")[1]
    assert "active -> not active (moved away)" in run("changes")[1]
