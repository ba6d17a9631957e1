"""Are pure files pure, and is there one clock, one Twilio, one scheduler?"""

import ast

from tests.guards.files import PACKAGE, imported, modules, shown, tree

ROLE_FILES = {"tables.py", "store.py", "actions.py", "routes.py", "jobs.py", "webhooks.py"}
# The edge and the shells talk to the outside in every file.
SHELLS = {"telephony", "api", "console", "simulator", "demo", "cli", "preflight"}
TOP_LEVEL_SHELLS = {
    "app.py",
    "database.py",
    "main.py",
    "schema.py",
    "serving.py",
    "timetable.py",
}
# The half of webhooks.py that every webhook shares: signature, deadline, turn, apology.
WEBHOOK_SHELLS = {"calls/door.py"}
OUTSIDE = {"sqlalchemy", "alembic", "fastapi", "starlette", "uvicorn", "httpx", "twilio", "apscheduler"}

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"},
}


def test_pure_files_import_nothing_of_the_outside_world() -> None:
    offenders = {}
    for path in modules():
        place = path.relative_to(PACKAGE)
        is_shell = place.parts[0] in SHELLS or place.as_posix() in TOP_LEVEL_SHELLS | WEBHOOK_SHELLS
        if not is_shell and place.name not in ROLE_FILES and (met := imported(path) & OUTSIDE):
            offenders[shown(path)] = sorted(met)
    assert not offenders, (
        "move what talks to the outside into tables, store, actions, routes, jobs or webhooks"
    )


def test_twilio_is_met_only_at_the_edge() -> None:
    edge = PACKAGE / "telephony" / "twilio"
    assert not [shown(path) for path in modules() if "twilio" in imported(path) and edge not in path.parents]


def test_scheduler_is_met_only_in_the_timetable() -> None:
    allowed = PACKAGE / "timetable.py"
    assert not [shown(path) for path in modules() if "apscheduler" in imported(path) and path != allowed]


def test_solver_is_met_only_where_it_is_asked_and_loaded_only_then() -> None:
    allowed = PACKAGE / "oncall" / "plan" / "cp_sat.py"
    assert not [shown(path) for path in modules() if "ortools" in imported(path) and path != allowed]
    assert "ortools" in imported(allowed)
    assert "ortools" not in imported(allowed, at_once=True)


def test_only_the_clock_asks_what_time_it_is() -> None:
    offenders = []
    for path in modules():
        if path == PACKAGE / "clock.py":
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and _owner(node) in CLOCKS
                and node.attr in CLOCKS[_owner(node)]
            ):
                offenders.append(f"{shown(path)}:{node.lineno} {_owner(node)}.{node.attr}")
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                named = {alias.name for alias in node.names} & CLOCKS["time"]
                offenders += [
                    f"{shown(path)}:{node.lineno} from time import {name}" for name in sorted(named)
                ]
    assert not offenders, "take a Clock, or stopwatch() of hotline/clock.py, instead"


def _owner(node: ast.Attribute) -> str:
    owner = node.value
    if isinstance(owner, ast.Attribute):
        return owner.attr
    return owner.id if isinstance(owner, ast.Name) else ""
