"""Lucia answers at night: is it on her pay record, and does the heavy call weigh in her share?"""

import csv
import json
from io import StringIO

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hotline.audit.tables import access_log
from hotline.cli import app
from hotline.database import Database
from hotline.simulator.phones import Phone, Town

RUN = CliRunner()


def lucia_answers_a_heavy_call(caller: Phone, lucia: Phone, town: Town) -> None:
    caller.dials()
    lucia.answers(within=60)
    lucia.presses("1")
    caller.talks_with(lucia)
    town.passes(180)
    caller.hangs_up()
    lucia.hears("Cinque è stata pesante", within=20)
    lucia.presses("5")
    lucia.hung_up()


@pytest.mark.usefixtures("at_the_terminal", "anna")
def test_what_was_served_and_answered_is_on_the_pay_record_and_reading_it_is_written_down(
    caller: Phone, lucia: Phone, town: Town, database: Database
) -> None:
    lucia_answers_a_heavy_call(caller, lucia, town)
    done = RUN.invoke(app, ["pay", "--month", "2026-11"])
    assert done.exit_code == 0, done.output
    rows = {row["what"]: row for row in csv.DictReader(StringIO(done.output))}
    assert {row["person"] for row in rows.values()} == {"Lucia Prova"}, "volunteers are not paid"
    # Her shift began on Saturday at 15:00; the twenty-second is a Sunday.
    assert rows["on_call_weekday"]["amount"] == "5.00"
    assert rows["on_call_night"]["amount"] == "4.00"
    assert rows["call_out"]["starts_at"].startswith("2026-11-22T03:00:")
    assert rows["call_out"]["ends_at"].startswith("2026-11-22T03:0")
    assert 0.05 <= float(rows["call_out"]["amount"]) <= 0.08
    assert rows["rest_due_hours"]["amount"] == rows["call_out"]["amount"]

    told = json.loads(
        RUN.invoke(app, ["fairness", "--from", "2026-11-21", "--to", "2026-11-21", "--json"]).output
    )
    assert [(one["name"], one["heavy_calls"], one["weighted_hours"]) for one in told] == [
        ("Anna Prova", 0, 5 + 4 * 1.5),
        ("Lucia Prova", 0, 5 + 4 * 1.5),
    ]
    both_days = RUN.invoke(
        app, ["fairness", "--from", "2026-11-21", "--to", "2026-11-22"]
    ).output.splitlines()
    assert [line.split()[0] for line in both_days[1:]] == ["Anna", "Lucia"]
    assert both_days[2].split()[-2] == "1"
    with database.reading() as tx:
        read = [(row.who, row.action, row.what) for row in tx.execute(select(access_log))]
    assert ("terminal user carla", "read pay record", "2026-11") in read
    assert ("terminal user carla", "read shares", "2026-11-21 to 2026-11-22") in read


@pytest.mark.usefixtures("at_the_terminal")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pay", "--month", "november"], "--month november: not a month; write it as 2026-11"),
        (["fairness", "--from", "22/11"], "--from 22/11: not a day; write it as 2026-11-22"),
        (["fairness", "--from", "2026-11-23", "--to", "2026-11-22"], "exchange them"),
    ],
)
def test_a_wrong_day_or_month_is_said_in_one_sentence(
    words: list[str], said: str, database: Database
) -> None:
    assert said in str(RUN.invoke(app, words).exception)
