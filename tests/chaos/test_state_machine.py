"""Random callers, responders, schedules and faults: does every call end with a person or a promise?"""

from contextlib import ExitStack
from itertools import count
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.chaos.play import BEGINNINGS, FAULTS, KEYS, Step, draw_fault, draw_person, draw_workers
from tests.chaos.world import Stage, World, certain_ids

ON_OUR_SIDE = ("restart", "database_gone", "unreachable", "slow")
OF_REST = tuple(kind for kind in FAULTS if kind.startswith("rest_"))
OF_CALLBACKS = ("duplicate", "delay", "drop", "reorder", "weather")
CALLERS = 3
names = st.sampled_from([f"Caller{number + 1}" for number in range(CALLERS)])
luck = st.randoms(use_true_random=False, note_method_calls=False)


_A_FEW = settings(
    max_examples=5,
    stateful_step_count=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Calls(RuleBasedStateMachine):
    """Up to three people who dial, press, wait and leave, while things go wrong."""

    stage: ClassVar[Stage]
    faults: ClassVar[tuple[str, ...]]
    calls: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self._open = ExitStack()

    @initialize(luck=luck, began=st.sampled_from(BEGINNINGS), seed=st.integers(0, 2**32))
    def somebody_is_on_duty(self, luck: Random, began: object, seed: int) -> None:
        self._open.enter_context(certain_ids(seed))
        people = tuple(draw_person(luck, number) for number in range(CALLERS))
        self.world = World(self.stage, seed, began, draw_workers(luck), people)
        self._do("dial", "Caller1")

    @rule(who=names, keys=st.sampled_from(("", *KEYS)), after=st.integers(0, 20))
    def somebody_dials(self, who: str, keys: str, after: int) -> None:
        self._do("dial", who)
        self.world.passes(after)
        for key in keys:
            self._do("press", who, key)
            self.world.passes(1)

    @rule(who=names, keys=st.sampled_from(KEYS))
    def somebody_presses(self, who: str, keys: str) -> None:
        for key in keys:
            self._do("press", who, key)
            self.world.passes(1)

    @rule(who=names)
    def somebody_leaves(self, who: str) -> None:
        self._do("hang_up", who)

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.world.passes(seconds)

    @rule(luck=luck)
    def something_goes_wrong(self, luck: Random) -> None:
        if self.faults:
            self.world.do(draw_fault(luck, luck.choice(self.faults), 0.0))

    @invariant()
    def nothing_is_broken(self) -> None:
        if self.world is not None and self.world.watch.complaints:
            raise AssertionError(self._told())

    def teardown(self) -> None:
        with self._open:
            if self.world is None:
                return
            try:
                self.world.ends()
                result = self.world.result()
                type(self).calls += sum(result.outcomes.values())
                assert not result.complaints, self._told()
            finally:
                self.world.close()

    def _do(self, verb: str, who: str, what: str = "") -> None:
        self.world.do(Step(0.0, verb, who, what))

    def _told(self) -> str:
        return "\n".join([*map(str, self.world.watch.complaints), "", self.world.rig.town.play()])


@pytest.fixture(autouse=True)
def _same_draws_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no draw depend on what is imported: Hypothesis likes to draw numbers that stand in our modules."""
    monkeypatch.setattr(HypothesisProvider, "_maybe_draw_constant", lambda *_, **__: None)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "faults", [(), OF_CALLBACKS, OF_REST, ON_OUR_SIDE], ids=["calm", "callbacks", "rest", "our_side"]
)
def test_fifty_random_calls_lose_nobody(stage: Stage, faults: tuple[str, ...]) -> None:
    Calls.stage, Calls.faults, Calls.calls = stage, faults, 0
    for number in count():
        run_state_machine_as_test(seed(number)(Calls), settings=_A_FEW)
        if Calls.calls >= 50:
            break
