"""How does a rough play go? Many callers, several at once, and now and then a replica is killed or frozen."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from hotline.people import store as people
from tests.rough.crowd import Caller, Moody
from tests.rough.replicas import Replicas, Sleeper
from tests.rough.tally import Tally, tally

SHORTEST_FREEZE, LONGEST_FREEZE = 3.0, 14.0
"""Real seconds: less, and more, than an act's lease of ten."""
QUIET_WITHIN = 300.0
"""Virtual seconds after the last caller by which every leg must have ended."""


def play(
    rig: Replicas,
    many: int,
    at_once: int,
    every: int,
    seed: int,
    say: Callable[[str], object] = bool,
) -> Tally:
    """Let so many people call, `at_once` at a time; after `every` calls a random replica is in trouble."""
    dice, fate, began = Random(seed), Random(f"trouble {seed}"), time.monotonic()
    _hire_phones(rig, dice)
    callers: list[Caller] = []
    counted = Counter[str]()
    trouble: threading.Thread | None = None
    while len(callers) < many or not all(caller.is_done for caller in callers):
        if len(callers) < many and sum(not caller.is_done for caller in callers) < at_once:
            callers.append(Caller.drawn(rig.exchange, len(callers), dice))
            callers[-1].dials()
        rig.town.passes(dice.uniform(1, 8))
        if counted.total() < len(callers) // every and (trouble is None or not trouble.is_alive()):
            kind = fate.choice(["kill", "stop"])
            counted[kind] += 1
            say(f"{time.monotonic() - began:6.0f} s  call {len(callers)}: {kind}")
            trouble = threading.Thread(target=_trouble, args=(rig, kind, Random(fate.random())))
            trouble.start()
    if trouble is not None:
        trouble.join()
    rig.exchange.run_until(lambda: not _lines_in_use(rig), QUIET_WITHIN)
    rig.town.passes(60)
    found = tally(rig, callers)
    found.kills, found.stops = counted["kill"], counted["stop"]
    found.real_seconds = time.monotonic() - began
    return found


def _hire_phones(rig: Replicas, dice: Random) -> None:
    with rig.database.reading() as tx:
        everybody = people.everybody(tx)
    for person in sorted(everybody, key=lambda person: person.phone):
        rig.town.phone(person.name.split()[0], person.phone, Moody(Random(dice.random())))


def _trouble(rig: Replicas, kind: str, dice: Random) -> None:
    """Kill or freeze one of the two while calls go on; it is back before this ends."""
    sleeper: Sleeper = dice.choice(rig.both)
    if kind == "kill":
        sleeper.kill()
        time.sleep(dice.uniform(0, 3))
        sleeper.start_again()
        return
    sleeper.freeze()
    time.sleep(dice.uniform(SHORTEST_FREEZE, LONGEST_FREEZE))
    sleeper.wake()


def _lines_in_use(rig: Replicas) -> bool:
    return any(
        not leg.over
        for leg in list(rig.exchange.legs.values())
        if leg.callback is not None and "leg-status" in leg.callback.address.url
    )
