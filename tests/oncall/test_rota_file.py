"""Is a rota file understood, or refused with the line and reason of every fault?"""

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.errors import BadInput
from hotline.oncall.rota.bands import Band, OnHolidays
from hotline.oncall.rota.rota import Assignment, Rota
from hotline.oncall.rota.rota_file import read_rota, write_rota
from hotline.oncall.rota.rotations import Every, NthWeekday, Rotation
from hotline.oncall.rota.rules_text import rota_of, rules_text
from hotline.people.person import Person

ROME = ZoneInfo("Europe/Rome")
CHRISTMAS = date(2026, 12, 25)
ANNA = Person("anna", "Anna", "+393400000001", "volunteer", ("it",), last_resort=False)
BRUNO = Person("bruno", "Bruno", "+393400000002", "volunteer", ("it",), last_resort=False)
LUCIA = Person("lucia", "Lucia", "+393400000003", "social_worker", ("it",), last_resort=False)
GONE = Person("gone", "Gino", "+393400000009", "volunteer", ("it",), last_resort=False, active=False)
PEOPLE = (ANNA, BRUNO, LUCIA, GONE)
FILE = """
[rota]
from = 2026-12-01
until = 2027-06-30
single = ["social_worker"]

[[band]]
name = "notte"
role = "volunteer"
from = "20:00"
to = "08:00"
headcount = 2

[[band]]
name = "festivo"
role = "volunteer"
days = "sab;dom"
from = "08:00"
to = "20:00"
holidays = "only"

[[band]]
name = "settimana"
role = "social_worker"
from = "08:00"
to = "08:00"

[[rotation]]
band = "notte"
order = ["340 0000001", "+39 340 0000002"]
together = 2

[[rotation]]
band = "festivo"
every = "2 weeks"
order = ["+39 340 0000001"]
from = 2026-12-07
until = 2027-01-31
only_on = "last saturday"

[[rotation]]
band = "settimana"
every = "week"
order = ["+39 340 0000003"]

[[assignment]]
band = "festivo"
day = 2026-12-25
people = ["+39 340 0000002"]
"""


def read(folder: Path, text: str = FILE) -> Rota:
    path = folder / "rota.toml"
    path.write_text(text)
    return read_rota(
        path, PEOPLE, ROME, lambda first, last: [CHRISTMAS] if first <= CHRISTMAS <= last else []
    )


def test_a_rota_file_says_bands_rotations_and_single_days(tmp_path: Path) -> None:
    rota = read(tmp_path)
    assert (rota.starts_on, rota.ends_on) == (date(2026, 12, 1), date(2027, 6, 30))
    assert rota.single == {"social_worker"}
    assert [band.name for band in rota.bands] == ["notte", "festivo", "settimana"]
    festive = rota.bands[1]
    assert (festive.days, festive.on_holidays, festive.starts) == ({5, 6}, OnHolidays.ONLY, time(8))
    assert rota.rotations[0].on_turn(0) == ("anna", "bruno")
    last_saturdays = rota.rotations[1]
    assert (last_saturdays.every, last_saturdays.weeks) == (Every.WEEK, 2)
    assert last_saturdays.only_on == NthWeekday(-1, 5)
    assert rota.assignments == (Assignment("festivo", CHRISTMAS, ("bruno",)),)


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    rota = read(tmp_path)
    assert read(tmp_path, write_rota(rota, {one.id: one for one in PEOPLE})) == rota
    assert rota_of(rules_text(rota)) == rota
    assert "340" not in rules_text(rota)


@pytest.mark.parametrize(
    ("changed", "into", "reason"),
    [
        ("340 0000001", "340 0000008", "nobody has •••008; import the person first"),
        ("340 0000001", "340 0000003", "Lucia is a social_worker, and the band needs a volunteer"),
        ("340 0000001", "340 0000009", "Gino is no longer active"),
        ("340 0000001", "+39 340 0000002", "Bruno is named twice"),
        ("340 0000001", "112", "emergency"),
        ("together = 2", "together = 3", "3 people are to be on, but the order names 2"),
        ('"20:00"', '"25:00"', "'25:00' is not a time"),
        ('days = "sab;dom"', 'days = "sabato"', "'sabato' is not a day"),
        ('role = "volunteer"', 'role = "boss"', "'boss' is not known; use one of volunteer"),
        ('"last saturday"', '"some saturday"', "'some saturday' is not understood"),
        ('every = "2 weeks"', 'every = "fortnight"', "'fortnight' is not understood"),
        ("until = 2027-06-30", "until = 2026-06-30", "is before from"),
        ("until = 2027-06-30", 'until = "june"', "must be a day without quotes"),
        ("day = 2026-12-25", "day = 2026-12-26", "the band 'festivo' does not begin on 2026-12-26"),
        ('band = "settimana"', 'band = "mese"', "'mese' is no band of this file"),
        ('name = "festivo"', 'name = "notte"', "'notte' is there twice"),
        ("headcount = 2", "hedcount = 2", "unknown; did you mean headcount?"),
    ],
)
def test_every_fault_is_named_by_line_and_reason(
    tmp_path: Path, changed: str, into: str, reason: str
) -> None:
    line = FILE[: FILE.index(changed)].count("\n") + 1
    with pytest.raises(BadInput) as refusal:
        read(tmp_path, FILE.replace(changed, into, 1))
    assert any(f"rota.toml:{line}:" in one and reason in one for one in str(refusal.value).splitlines()), (
        refusal.value
    )


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    bad = (
        FILE.replace('"20:00"', '"25:00"')
        .replace("340 0000001", "340 0000008")
        .replace("2026-12-25", "2026-12-26")
    )
    with pytest.raises(BadInput) as refusal:
        read(tmp_path, bad)
    keys = [line.split(": ")[1].split()[-1] for line in str(refusal.value).splitlines()]
    assert keys == ["from", "to", "order", "together", "order", "day"]


@given(
    st.builds(
        Rotation,
        st.just("notte"),
        st.lists(st.sampled_from(["anna", "bruno"]), min_size=1, max_size=2, unique=True).map(tuple),
        st.sampled_from(list(Every)),
        st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        st.integers(1, 9),
        st.integers(1, 5),
        st.none() | st.dates(date(2031, 1, 1), date(2032, 1, 1)),
        st.none() | st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6)),
    )
)
def test_any_rotation_is_kept_as_it_is(rotation: Rotation) -> None:
    night = Band("notte", "volunteer", frozenset(range(7)), time(20), time(8))
    rota = Rota(ROME, date(2026, 1, 1), (night,), (rotation,))
    assert rota_of(rules_text(rota)) == rota
