"""Who could be on duty in a month? A proposal to draft, to change and to publish."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hotline.audit.actions import note_access
from hotline.calls.rooms import store as rooms
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.clock import stopwatch
from hotline.errors import BadInput
from hotline.oncall.plan.actions import Draft, look_back, to_plan
from hotline.oncall.plan.assigned import with_plan
from hotline.oncall.plan.cp_sat import is_installed
from hotline.oncall.plan.explain import open_slots
from hotline.oncall.plan.needs import needs
from hotline.oncall.plan.proposal import Planner, Proposal, compared, propose
from hotline.oncall.plan.report import PlanReport
from hotline.oncall.proof.pay import read_month
from hotline.oncall.rota.ground import Ground
from hotline.oncall.rota.rota_file import write_rota
from hotline.settings import load_settings

_AUTO = "auto"
_SECONDS = 20.0


@app.command()
def plan(
    month: Annotated[str, typer.Option("--month", metavar="MONTH", help="As 2027-01.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="In place of a month.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Included.")] = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="For hotline rota draft.")] = None,
    solver: Annotated[str, typer.Option(help="auto, cp-sat, greedy or least-recent.")] = _AUTO,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="So long the solver works.")] = _SECONDS,
    as_json: AsJson = False,
) -> None:
    """Propose who fills each slot of the rota, explain what stays open, and compare the ways to plan."""
    planner, days = _planner(solver), _days(month, first, last)
    draft = _read(*days)
    done = propose(draft.problem, planner, seconds, stopwatch)
    others = compared(draft.problem, done, seconds, stopwatch)
    report = PlanReport(done, open_slots(done.problem, done.plan), needs(done.problem, done.plan), others)
    if out is not None:
        _write(out, draft, done)
    show(report.as_json() if as_json else report.lines())


def _read(first: date, last: date) -> Draft:
    """Read all that the plan needs, in one short transaction: planning itself takes longer."""
    with opened() as (database, profile), database.transaction() as tx:
        note_access(tx, who(), "plan rota", f"{first} to {last}")
        worked = rooms.worked_between(tx, tx.now - look_back(profile.rules), tx.now)
        return to_plan(tx, Ground(profile, load_settings().countries), first, last, worked)


def _write(out: Path, draft: Draft, done: Proposal) -> None:
    text = write_rota(with_plan(draft.rota, done.problem, done.plan), done.problem.people)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{out}: cannot be written ({error.strerror}); name another file") from None


def _planner(solver: str) -> Planner:
    if solver == _AUTO:
        return Planner.CP_SAT if is_installed() else Planner.GREEDY
    try:
        return Planner(solver)
    except ValueError:
        raise BadInput(f"--solver {solver}: write one of {_AUTO}, {', '.join(Planner)}") from None


def _days(month: str, first: str, last: str) -> tuple[date, date]:
    if month and (first or last):
        raise BadInput("--month: give a month, or --from and --to, not both")
    if month:
        return read_month(month)
    if not first or not last:
        raise BadInput("say which days: --month 2027-01, or --from 2027-01-01 --to 2027-01-31")
    return _day("--from", first), _day("--to", last)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} {text}: not a day; write it as 2027-01-01") from None
