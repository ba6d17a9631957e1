"""How is a proposal written for a terminal and for scripts? Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.oncall.plan.explain import OpenSlot
from hotline.oncall.plan.needs import Need
from hotline.oncall.plan.proposal import Proposal
from hotline.oncall.proof.broken import Broken, Level
from hotline.oncall.rota.bands import Slot

_MOST_SHOWN = 40
_HEAD = ("planner", "filled", "E", "W", "spread", "seconds")


@dataclass(frozen=True)
class PlanReport:
    """A proposal, what of it stays open and why, who would be needed, and what the other planners made."""

    proposal: Proposal
    open_slots: Sequence[OpenSlot]
    needs: Sequence[Need]
    compared: Sequence[Proposal]

    def lines(self) -> list[str]:
        """Return what `hotline plan` prints."""
        problem, done = self.proposal.problem, self.proposal
        return [
            f"{problem.first} to {problem.last} by {done.planner}: {done.filled} of {problem.places} places.",
            *map(self._day_line, done.plan.items()),
            *_part("Open places", [one.text for one in self.open_slots]),
            *_part("How many people it takes", [one.text for one in self.needs]),
            *_part("Broken rules of single people", map(self._broken_line, done.of_people(Level.ERROR))),
            *_part("To look at", map(self._broken_line, self._warnings())),
            "Compared (spread: weighted hours between the most and the least loaded of a role):",
            *_table([_HEAD, *map(_row, self.compared)]),
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline plan --json` promises."""
        problem, done = self.proposal.problem, self.proposal
        return {
            "from": problem.first.isoformat(),
            "to": problem.last.isoformat(),
            "planner": done.planner.value,
            "places": problem.places,
            "filled": done.filled,
            "slots": [self._slot_json(slot, people) for slot, people in done.plan.items()],
            "open": [
                {
                    "band": one.slot.band,
                    "role": one.slot.role,
                    "day": one.slot.day.isoformat(),
                    "missing": one.missing,
                    "reasons": dict(one.reasons),
                }
                for one in self.open_slots
            ],
            "needs": [
                {
                    "role": one.role,
                    "here": one.here,
                    "open_places": one.open_places,
                    "more_to_fill": one.more_to_fill,
                    "enough": one.enough,
                    "more": one.more,
                }
                for one in self.needs
            ],
            "errors": [self._broken_line(one) for one in done.of_people(Level.ERROR)],
            "warnings": [self._broken_line(one) for one in self._warnings()],
            "compared": [
                {
                    "planner": one.planner.value,
                    "filled": one.filled,
                    "errors": len(one.of_people(Level.ERROR)),
                    "warnings": _warned(one),
                    "spread": {role: round(hours, 1) for role, hours in one.spread.items()},
                    "seconds": round(one.seconds, 2),
                }
                for one in self.compared
            ],
        }

    def _warnings(self) -> Iterator[Broken]:
        return (one for one in self.proposal.broken if one.level == Level.WARNING)

    def _day_line(self, filled: tuple[Slot, Sequence[str]]) -> str:
        slot, people = filled
        missing = slot.headcount - len(people)
        names = [self._name(person_id) for person_id in people]
        on = ", ".join([*names, *([f"{missing} open"] if missing else [])])
        times = f"{self._wall(slot.starts_at):%H:%M}-{self._wall(slot.ends_at):%H:%M}"
        return f"  {slot.day:%a %Y-%m-%d} {times} {slot.band} ({slot.role}): {on}"

    def _slot_json(self, slot: Slot, people: Sequence[str]) -> dict[str, Any]:
        return {
            "band": slot.band,
            "role": slot.role,
            "day": slot.day.isoformat(),
            "from": self._wall(slot.starts_at).isoformat(),
            "to": self._wall(slot.ends_at).isoformat(),
            "headcount": slot.headcount,
            "people": [self._name(person_id) for person_id in people],
        }

    def _broken_line(self, one: Broken) -> str:
        who = f"{self._name(one.person_id)}: " if one.person_id else ""
        return f"{one.rule} {self._wall(one.starts_at):%Y-%m-%d %H:%M}: {who}{one.text}"

    def _name(self, person_id: str) -> str:
        return self.proposal.problem.people[person_id].name

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(self.proposal.problem.calendar.zone)


def _warned(one: Proposal) -> int:
    return sum(broken.level == Level.WARNING for broken in one.broken)


def _row(one: Proposal) -> tuple[str, ...]:
    spread = ", ".join(f"{role} {hours:.0f}" for role, hours in one.spread.items())
    errors = str(len(one.of_people(Level.ERROR)))
    filled = f"{one.filled}/{one.problem.places}"
    return one.planner.value, filled, errors, str(_warned(one)), spread, f"{one.seconds:.1f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _part(title: str, found: Iterator[str] | Sequence[str]) -> list[str]:
    lines = list(found)
    if not lines:
        return [f"{title}: nothing"]
    more = [f"  … and {len(lines) - _MOST_SHOWN} more"] if len(lines) > _MOST_SHOWN else []
    return [f"{title}:", *(f"  {line}" for line in lines[:_MOST_SHOWN]), *more]
