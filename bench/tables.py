"""How are the figures shown? As tables that can be pasted into docs/benchmarks.md."""

from collections.abc import Iterable, Mapping, Sequence

from bench.aims import Finding
from bench.escalation import HABITS, TIERS, Escalation
from bench.figures import Figures
from bench.first_ring import FirstRing
from bench.turns import BARE, FIRST_RING, MEASURED


def turn_table(figures: Mapping[str, Figures]) -> str:
    """Show, per kind of turn and database, median, 99th percentile and ratio to the bare endpoint."""
    rows = [
        ["turn", *(f"{name}: p50 / p99 ms" for name in figures), *(f"x bare, {name}" for name in figures)]
    ]
    for kind in (BARE, *MEASURED, FIRST_RING):
        times = [f"{1000 * f.p50(kind):.1f} / {1000 * f.tail(kind, 0.99):.1f}" for f in figures.values()]
        of_bare = ["" if kind == FIRST_RING else f"{f.ratio(kind):.2f}" for f in figures.values()]
        rows.append([kind, *times, *of_bare])
    return table(rows)


def rate_table(rates: Mapping[str, Sequence[float]], starts: Mapping[str, float]) -> str:
    """Show whole calls a second (median of the rounds), and the start of the process."""
    rows = [["database", "whole calls a second", "start to first answer, s"]]
    for name, found in rates.items():
        middle = sorted(found)[len(found) // 2]
        rows.append([name, f"{middle:.1f}", f"{starts[name]:.2f}" if name in starts else ""])
    return table(rows)


def first_ring_table(rings: Sequence[FirstRing]) -> str:
    """Show the seconds from the first word to the first ring, per category, night and day."""
    bands = list(dict.fromkeys(ring.band for ring in rings))
    found = {(ring.caller, ring.band): f"{ring.seconds:.1f} ({ring.role})" for ring in rings}
    callers = list(dict.fromkeys(ring.caller for ring in rings))
    return table(
        [["caller", *bands], *([caller, *(found[caller, band] for band in bands)] for caller in callers)]
    )


def escalation_table(found: Sequence[Escalation], band: str) -> str:
    """Show, night or day, the seconds after the first ring to each tier, to all twice, and to the promise."""
    cells = {(one.caller, one.habit): _escalated(one) for one in found if one.band == band}
    callers = list(dict.fromkeys(one.caller for one in found))
    return table(
        [[band, *HABITS], *([caller, *(cells[caller, habit] for habit in HABITS)] for caller in callers)]
    )


def _escalated(one: Escalation) -> str:
    tiers = " / ".join(f"{one.tiers[tier]:.0f}" if tier in one.tiers else "-" for tier in TIERS)
    twice, promise = (f"{moment:.0f}" if moment else "never" for moment in (one.twice, one.promise))
    return f"{tiers}; {twice}; {promise}"


def aims_table(findings: Iterable[Finding]) -> str:
    """Show every figure beside its aim."""
    rows = [["aim", "at most", "measured", ""]]
    rows += [[f.what, f"{f.aim:g}", f"{f.figure:.2f}", f.verdict] for f in findings]
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay out a Markdown table, its first row the heading."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
