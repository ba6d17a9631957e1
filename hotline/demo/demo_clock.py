"""What time is it in the demo? Real time that can be turned forward to the next night or morning."""

from datetime import UTC, datetime, time, timedelta

from hotline.clock import Clock, WallClock
from hotline.profile import Profile

IN_THE_NIGHT, IN_THE_DAY = time(3, 10), time(10, 15)
"""Where the switch leads: a time at which everybody sleeps, and one at which nobody does."""


class DemoClock:
    """Run like another clock, but ahead of it; it is only ever turned forward, so no moment comes twice."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or WallClock()
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the moment of the demo in UTC."""
        return self._clock.now() + self._ahead

    def turn_to(self, moment: datetime) -> None:
        """Turn the clock forward to `moment`; an earlier moment changes nothing."""
        self._ahead += max(timedelta(0), moment.astimezone(UTC) - self.now())


def next_turn(profile: Profile, now: datetime) -> datetime:
    """Return where the day-and-night switch leads: into the next night by day, else into the next day."""
    zone = profile.service.timezone
    night = profile.is_night(now)
    wanted = IN_THE_DAY if night else IN_THE_NIGHT
    local = now.astimezone(zone)
    for days in range(3):
        moment = datetime.combine(local.date() + timedelta(days=days), wanted, tzinfo=zone)
        if moment > local and profile.is_night(moment) != night:
            return moment
    # A profile whose night contains neither: half a day later is the best guess.
    return local + timedelta(hours=12)
