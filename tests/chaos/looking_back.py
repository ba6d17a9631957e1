"""What must hold once a play is over? Whoever called met somebody or is owed something, without silence."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from hotline.calls.tables import calls, events, legs
from hotline.followups.tables import follow_ups
from hotline.simulator.leg import Leg
from tests.chaos.watch import LOST, Watch

LONGEST_SILENCE = 10.6
"""Ten seconds of quiet, and a word's worth of slack."""
LONGEST_ALONE = 20.0
"""A phone that is held to an ear may be quiet while a key is waited for, but not for ever."""

_NEVER = datetime.max.replace(tzinfo=UTC)

_ELSEWHERE = ((events.c.event == "flag") & (events.c.detail == "fallback")) | (
    events.c.event == "rang_elsewhere"
)
"""A call was, at some time, with documents on another host."""


class LookingBack:
    """Look back on a play that was watched, and complain."""

    def __init__(self, watch: Watch) -> None:
        self.exchange, self.database = watch.exchange, watch.database
        self.heard, self.complain = watch.heard, watch.complain
        self.longest_silence = 0.0

    def endings(self) -> list[str]:
        """Look at every call that is over; return how each one ended."""
        results = []
        with self.database.reading() as tx:
            known = {row.sid: row for row in tx.execute(select(calls))}
            owed = {row.call_id for row in tx.execute(select(follow_ups.c.call_id))}
            elsewhere = {row.call_id for row in tx.execute(select(events.c.call_id).where(_ELSEWHERE))}
            open_legs = tx.execute(select(legs.c.id).where(legs.c.ended_at.is_(None))).all()
        for leg in self.unheard():
            ended = known[leg.sid].outcome if leg.sid in known else "unknown to us"
            self.complain(LOST, f"{leg.name} talked with nobody and nothing is owed ({ended})")
        if open_legs:
            self.complain("left open", f"{len(open_legs)} legs")
        for leg in self.exchange.legs.values():
            if leg.direction != "inbound":
                self._look_for_silence(leg, LONGEST_ALONE)
                continue
            row = known.get(leg.sid)
            self.longest_silence = max(self.longest_silence, self._look_for_silence(leg, LONGEST_SILENCE))
            if row is None:
                results.append("fallback talked" if leg.sid in self.heard.talked else "never reached us")
                continue
            if row.ended_at is None:
                self.complain(LOST, f"the call of {leg.name} is still open")
            elif row.outcome != "answered" and self.heard.talked.get(leg.sid, 0.0) > 4:
                self._wrong_outcome(leg, row, row.id in owed, row.id in elsewhere)
            results.append(row.outcome or "open")
        return results

    def unheard(self) -> list[Leg]:
        """Return the callers who have gone, met nobody though phones rang, and are owed nothing.

        Whoever hangs up in the second in which they are connected has met somebody, who is asked about it.
        """
        with self.database.reading() as tx:
            known = {row.sid: row for row in tx.execute(select(calls))}
            owed = {row.call_id for row in tx.execute(select(follow_ups.c.call_id))}
        # Before its first call the service does not know that the number is its own.
        first = min((row.came_in_at for row in known.values()), default=_NEVER)
        return [
            leg
            for leg in self.exchange.legs.values()
            if leg.direction == "inbound" and leg.over and leg.sid not in self.heard.talked
            if self._has_rung(leg, known.get(leg.sid), first)
            if leg.sid not in known or known[leg.sid].id not in owed
        ]

    def _has_rung(self, leg: Leg, row: Row[Any] | None, first: datetime) -> bool:
        by_a_dial = any(each.parent is leg for each in self.exchange.legs.values())
        if row is not None:
            return by_a_dial or (row.rung_at is not None and row.ended_at is not None)
        return by_a_dial and leg.started_at is not None and leg.started_at - timedelta(seconds=1) > first

    def _wrong_outcome(self, leg: Leg, row: Row[Any], owed: bool, elsewhere: bool) -> None:
        """Complain of a conversation that was not written down, unless nobody could know of it.

        What was said while documents on another host connected people, only they were told.
        """
        if not owed or (self._could_know(row) and not elsewhere):
            seconds = self.heard.talked.get(leg.sid, 0.0)
            self.complain("outcome", f"{leg.name} talked for {seconds:.0f} s: {row.outcome}")

    def _could_know(self, row: Row[Any]) -> bool:
        """Tell whether the service could know of a conversation when it wrote down how the call ended.

        It cannot where it was away all the while: Twilio says once that a room has begun, and asks each leg
        once when it is over. Such a caller may have been cut off: something must be owed to them.
        """
        rooms = self.heard.rooms[row.sid]
        told = [self.heard.told_of[room] for room in rooms & self.heard.told_of.keys()]
        return not rooms or min(told, default=_NEVER) <= row.ended_at

    def _look_for_silence(self, leg: Leg, bearable: float) -> float:
        """Return how long at most a leg heard nothing and nobody; complain of what is not bearable."""
        longest = 0.0
        for since, seconds in self.heard.silences(leg):
            longest = max(longest, seconds)
            if seconds > bearable:
                self.complain(
                    "silence", f"{leg.name} hears nothing for {seconds:.1f} s from {since:%H:%M:%S}"
                )
        return longest
