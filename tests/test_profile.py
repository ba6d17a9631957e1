"""Iglesias is data: what its profile says, what another Ambito may say, and how a wrong one is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.errors import BadInput
from hotline.profile import SHIPPED, NightHours, load_profile

ROME = ZoneInfo("Europe/Rome")
BY_NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=ROME)
BY_DAY = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
IGLESIAS = (SHIPPED / "iglesias" / "profile.toml").read_text(encoding="utf-8")

Refusal = Callable[[str, str], str]


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """Return the words with which Iglesias is refused after one change in its text."""

    def change(before: str, after: str) -> str:
        assert before in IGLESIAS
        changed = tmp_path / "profile.toml"
        changed.write_text(IGLESIAS.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(BadInput) as refused:
            load_profile(changed)
        return str(refused.value).removeprefix(str(tmp_path) + "/")

    return change


def line_of(text: str) -> int:
    """Return the line on which a text first stands in the profile of Iglesias."""
    return IGLESIAS[: IGLESIAS.index(text)].count("\n") + 1


def test_iglesias_is_its_seven_municipalities_and_its_number() -> None:
    profile = load_profile()
    assert profile.service.phone_number == "+39078133000"
    assert profile.service.name["it"] == "Pronto Intervento Sociale di Iglesias"
    assert profile.municipalities == (
        *("Buggerru", "Domusnovas", "Fluminimaggiore", "Gonnesa", "Iglesias", "Musei", "Villamassargia"),
    )
    assert {day.municipality for day in profile.patron_days} == set(profile.municipalities)
    assert [language.code for language in profile.languages] == ["it", "en", "fr", "ro", "ar"]
    assert [(category.key, category.code) for category in profile.categories] == [
        *(("1", "VIO"), ("2", "MIN"), ("3", "NAU"), ("4", "ALL"), ("5", "ORI"), ("7", "PRO")),
    ]
    assert [category.code for category in profile.categories if category.careful] == ["VIO", "MIN"]
    assert [category.code for category in profile.categories if category.grade == "morning"] == ["ORI"]


def test_at_night_violence_and_minors_ring_the_social_worker_first_and_at_once() -> None:
    profile = load_profile()
    for code in ("VIO", "MIN"):
        assert profile.ring_order(code, BY_NIGHT) == (
            ("social_worker", 0),
            ("volunteer", 0),
            ("coordinator", 60),
        )
        assert profile.ring_order(code, BY_DAY) == profile.ring_order(None, BY_DAY)


def test_without_a_category_the_tiers_join_one_after_the_other() -> None:
    profile = load_profile()
    assert profile.ring_order(None, BY_NIGHT) == (
        ("volunteer", 0),
        ("social_worker", 25),
        ("coordinator", 60),
    )
    assert profile.ring_order(None, BY_DAY) == (("volunteer", 0), ("social_worker", 40), ("coordinator", 70))
    assert profile.ring_order("A CODE OF LAST YEAR", BY_DAY) == profile.ring_order(None, BY_DAY)


def test_services_ring_the_social_worker_first_and_information_at_night_only_volunteers() -> None:
    profile = load_profile()
    assert profile.ring_order("PRO", BY_DAY)[0] == ("social_worker", 0)
    assert profile.ring_order("PRO", BY_NIGHT)[0] == ("social_worker", 0)
    assert profile.ring_order("ORI", BY_NIGHT) == (("volunteer", 0),)
    assert profile.after_seconds("ORI", "coordinator", BY_NIGHT) is None
    assert profile.after_seconds("ORI", "coordinator", BY_DAY) == 70


def test_settings_change_the_delays_and_the_usual_ones_of_categories_follow() -> None:
    profile = load_profile().with_tiers(night=(0, 10, 20))
    assert profile.ring_order(None, BY_NIGHT) == (
        ("volunteer", 0),
        ("social_worker", 10),
        ("coordinator", 20),
    )
    assert profile.ring_order("VIO", BY_NIGHT) == (
        ("social_worker", 0),
        ("volunteer", 0),
        ("coordinator", 20),
    )
    assert profile.ring_order(None, BY_DAY) == load_profile().ring_order(None, BY_DAY)
    for wrong in ((0, 25), (0, 25, 60, 90), (0, -1, 60), ()):
        with pytest.raises(BadInput, match="3 numbers"):
            load_profile().with_tiers(day=wrong)


def test_the_night_begins_at_eight_and_is_over_at_eight() -> None:
    profile = load_profile()
    evening = datetime(2026, 11, 22, 20, 0, tzinfo=ROME)
    assert profile.is_night(evening)
    assert not profile.is_night(evening - timedelta(seconds=1))
    morning = datetime(2026, 11, 23, 8, 0, tzinfo=ROME)
    assert not profile.is_night(morning.astimezone(UTC))
    assert profile.is_night(morning - timedelta(seconds=1))
    assert not profile.with_night("22:00-06:00").is_night(evening)
    assert profile.with_night("13:00-15:00").is_night(datetime(2026, 11, 23, 13, 0, tzinfo=ROME))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 11), (date(2026, 10, 24), 13), (date(2026, 11, 22), 12)]
)
def test_the_nights_when_clocks_change_last_eleven_and_thirteen_hours(day: date, hours: int) -> None:
    night = NightHours.parse("20:00-08:00")
    begins, ends = night.beginning_on(day, ROME)
    assert ends - begins == timedelta(hours=hours)
    profile = load_profile()
    assert all(profile.is_night(begins + timedelta(minutes=5 * step)) for step in range(hours * 12))
    assert not profile.is_night(ends)


def test_when_staff_are_asked_is_data_too(tmp_path: Path) -> None:
    asking = load_profile().asking
    assert (asking.evening, asking.ahead, asking.grace) == (
        time(18),
        timedelta(hours=1),
        timedelta(minutes=5),
    )
    changed = tmp_path / "profile.toml"
    changed.write_text(f'{IGLESIAS}\n[asking]\nevening = "19:30"\nquiet = "22:00-07:00"\n', encoding="utf-8")
    other = load_profile(changed).asking
    assert (other.evening, other.quiet, other.ahead) == (
        time(19, 30),
        NightHours(time(22), time(7)),
        asking.ahead,
    )


def test_hours_of_asking_that_cannot_be_read_are_refused_by_name(refusal: Refusal) -> None:
    wrong = '[asking]\nevening = "18"\nquiet = "22-7"\nahead_minutes = 0\nmorning = 1\n'
    told = refusal("[service]\n", f"{wrong}\n[service]\n")
    for part in ("evening", "quiet", "ahead_minutes", "morning"):
        assert f"[asking] {part}" in told


@pytest.mark.parametrize("wrong", ["", "20-8", "20:00", "24:00-08:00", "20:00-20:00", "20:60-08:00", "notte"])
def test_a_night_that_cannot_be_read_says_how_to_write_it(wrong: str) -> None:
    with pytest.raises(BadInput, match="20:00-08:00"):
        NightHours.parse(wrong)


def test_another_ambito_has_other_keys_tiers_night_and_languages() -> None:
    profile = load_profile(SHIPPED / "valdombra")
    assert (profile.keys.languages, profile.keys.person, profile.keys.call_back) == ("6", "0", "9")
    assert [language.code for language in profile.languages] == ["it", "de", "lld"]
    assert profile.ring_order("FAM", BY_NIGHT) == (
        ("social_worker", 0),
        ("volunteer", 0),
        ("coordinator", 45),
    )
    assert profile.ring_order(None, BY_DAY) == (("volunteer", 0), ("social_worker", 30), ("coordinator", 60))
    assert not profile.is_night(datetime(2026, 11, 22, 20, 30, tzinfo=ROME))
    assert profile.danger_category is not None
    assert profile.danger_category.code == "FAM"
    assert profile.language_of_key("2") == "lld"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('key = "7"', 'key = "8"', "'8' is already used for call me back; choose another"),
        ('key = "7"', 'key = "5"', "'5' is already used for another [[category]]; choose another"),
        ('key = "7"', 'key = "#"', 'must be one digit in quotes, as key = "1"'),
        ('key = "7"', "key = 7", 'must be one digit in quotes, as key = "1"'),
        ('person = "0"', 'person = "9"', "the digit 9 is used twice; give it another"),
        ('code = "PRO"', 'code = "VIO"', "'VIO' is already used"),
        (
            'role = "social_worker"',
            'role = "social worker"',
            "use one of volunteer, social_worker, coordinator",
        ),
        ('spoken = "late"', 'spoken = "later"', "use one of menu, late, never"),
        ("professional = true", "profesional = true", "unknown; did you mean professional?"),
        ("urgent = true", 'urgent = "yes"', "must be true or false without quotes"),
        ("night_after = 25", "night_after = -5", "must be a whole number from 0 to 75"),
        ("night_after = 25", "night_after = true", "must be a whole number from 0 to 75"),
        ("night_after = 25", "night_after = 3000", "must be a whole number from 0 to 75"),
        ("day_after = 70", "day_after = 76", "must be a whole number from 0 to 75"),
        ('night = "20:00-08:00"', 'night = "8 to 8"', "write it as 20:00-08:00"),
        ('timezone = "Europe/Rome"', 'timezone = "Europe/Iglesias"', "write its IANA name"),
        ('timezone = "Europe/Rome"', 'timezone = "../Rome"', "write its IANA name"),
        ('phone_number = "+39078133000"', 'phone_number = "112"', "never called by this software"),
        ('country = "IT"', 'country = "Italy"', "write two capitals, as IT"),
        ('date = "08-11"', 'date = "11-31"', "is not a day of the year"),
        ('municipality = "Musei"', 'municipality = "Musey"', "not one of the municipalities"),
        ('{ volunteer = "usual" }', "{ guard = 0 }", "is not one of the tiers"),
        (
            '{ volunteer = "usual" }',
            '{ volunteer = "soon" }',
            'write whole seconds from 0 to 75, or "usual"',
        ),
        ('{ volunteer = "usual" }', "{ }", "name at least one tier that rings"),
        ('{ volunteer = "usual" }', "{ volunteer = 76 }", "write whole seconds from 0 to 75"),
        ("number_kept_days = 90", "number_kept_days = 0", "from 1 to 3650"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_line_the_reason_and_the_remedy(
    refusal: Refusal, before: str, after: str, reason: str
) -> None:
    said = refusal(before, after)
    assert said.startswith(f"profile.toml:{line_of(before)}: ")
    assert reason in said


def test_a_menu_that_reads_out_nothing_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "profile.toml"
    for instead in ("never", "late"):
        changed.write_text(IGLESIAS.replace('spoken = "menu"', f'spoken = "{instead}"'), encoding="utf-8")
        with pytest.raises(BadInput, match=r"\[category\] spoken: no category is read out"):
            load_profile(changed)


def test_an_interpreter_is_never_the_line_itself(tmp_path: Path) -> None:
    changed = tmp_path / "profile.toml"
    interpreter = '\n[[interpreter]]\nname = "Interprete"\nnumber = "0781 33000"\nlanguages = ["ro"]\n'
    changed.write_text(IGLESIAS + interpreter, encoding="utf-8")
    with pytest.raises(BadInput, match=r"\[interpreter\] number: this is the line itself"):
        load_profile(changed)


def test_every_fault_is_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    changed = tmp_path / "profile.toml"
    text = IGLESIAS.replace('key = "7"', 'key = "0"').replace('timezone = "Europe/Rome"', 'timezone = "Rome"')
    changed.write_text(text.replace('en = "Iglesias social emergency line"\n', ""), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_profile(changed)
    faults = str(refused.value).splitlines()
    assert [fault.split(": ")[1] for fault in faults] == [
        "[service] timezone",
        "[service.name] en",
        "[category] key",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", r"\[service\] is missing"),
        ("[service]\nname = ", r"profile.toml:2: not valid TOML"),
        ("langauge = 1", r"\[langauge\]: unknown"),
        ("[[service]]", r"\[service\] is missing"),
        ("category = 3", r"write one \[\[category\]\] table for each"),
        ("[service]\nname = 3", r"\[service\] name: must be a table with one text per language"),
    ],
)
def test_a_file_that_is_no_profile_at_all_is_refused_too(tmp_path: Path, text: str, reason: str) -> None:
    changed = tmp_path / "profile.toml"
    changed.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=reason):
        load_profile(changed)


def test_a_profile_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        load_profile(tmp_path / "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not UTF-8"):
        load_profile(tmp_path / "binary.toml")


def test_no_number_claims_to_have_been_checked_before_somebody_did(refusal: Refusal) -> None:
    assert {number.verified_on for number in load_profile().numbers} == {None}
    assert "write it without quotes" in refusal('number = "112"', 'number = "112"\nverified_on = "yesterday"')


def test_the_hours_of_the_morning_are_data_and_what_is_not_given_stays(refusal: Refusal) -> None:
    hours = load_profile().handover
    assert (hours.list_at.isoformat("minutes"), hours.notes_kept_days) == ("08:30", 30)
    assert load_profile(SHIPPED / "valdombra").handover == hours
    before = 'list_at = "08:30"'
    place = f"profile.toml:{line_of(before)}: [handover] list_at: "
    assert refusal(before, 'list_at = "8.30"') == f"{place}'8.30' is not a time; write it as \"18:00\""
    assert "call_to: not after call_from" in refusal('call_from = "10:00"', 'call_from = "12:00"')
    assert "notes_kept_days: must be a whole number from 1 to 365" in refusal(
        "notes_kept_days = 30", "notes_kept_days = 0"
    )
