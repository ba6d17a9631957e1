"""Who calls in these stories? A caller, with what the live call would remember of them."""

from hotline.ivr.engine import CAREFUL_FLAGS, Keys, Situation, Step, enter, language_of, take_turn
from hotline.ivr.flows.main_v1 import caller_flow
from hotline.ivr.nodes import (
    AgreeCallBack,
    ChooseCategory,
    Decline,
    Effect,
    Position,
    RaiseFlag,
    ResumeRinging,
    StartRinging,
)
from hotline.profile import SHIPPED, Profile, load_profile

IGLESIAS = load_profile(SHIPPED / "iglesias")
VALDOMBRA = load_profile(SHIPPED / "valdombra")
LONG_KEY = "1" * 10_000
PASS = 5.0


class Caller:
    """A caller on the phone, with what the live call would remember of them; nothing said takes time."""

    def __init__(self, profile: Profile = IGLESIAS, withheld: bool = False, night: bool = False) -> None:
        self.profile, self.flow = profile, caller_flow(profile)
        self.withheld, self.night = withheld, night
        self.now, self.rung_at, self.said, self.said_at = 0.0, -1.0, 0, -1e9
        self.category: str | None = None
        self.language = profile.default_language
        self.nobody_reached = self.all_busy = self.due_tomorrow = False
        self.does: list[Effect] = []
        self.keys: list[tuple[str, float]] = []
        self.timeline: list[tuple[float, str]] = []
        self._arrive(enter(self.flow, self.flow.start, self.situation))

    @property
    def flags(self) -> set[str]:
        return {effect.name for effect in self.does if isinstance(effect, RaiseFlag)}

    @property
    def careful(self) -> bool:
        category = self.profile.category(self.category)
        return (category is not None and category.careful) or bool(CAREFUL_FLAGS & self.flags)

    @property
    def situation(self) -> Situation:
        danger = self.profile.danger_category
        return Situation(
            category=self.category,
            careful=self.careful,
            narrow=frozenset(c.code for c in self.profile.categories if c.full_plan_key and self.night),
            number_known=not self.withheld,
            waited=self.now - self.rung_at if self.rung_at >= 0 else 0.0,
            since_said=self.now - self.said_at,
            said=self.said,
            nobody_reached=self.nobody_reached,
            asked_before=self.agreed or Decline() in self.does,
            due_tomorrow=self.due_tomorrow,
            all_busy=self.all_busy,
            late_menu=tuple((c.code, c.key) for c in self.profile.categories if c.spoken == "late"),
            danger_category=danger.code if danger else None,
            keys=Keys(tuple((key, self.now - at) for key, at in self.keys[-3:])),
        )

    def presses(self, keys: str, after: float = 10.0) -> "Caller":
        """Press keys one after the other, `after` seconds after what was before."""
        for key in keys:
            self.presses_one(key, after)
        return self

    def presses_one(self, key: str, after: float = 10.0) -> "Caller":
        self.now += after
        self.keys.append((key, self.now))
        self._arrive(take_turn(self.flow, self.at, key, self.situation))
        return self

    def stays_silent(self, seconds: float = PASS) -> "Caller":
        """Press nothing, for as many passes as fit."""
        for _ in range(max(1, round(seconds / PASS))):
            self.now += PASS
            self._arrive(take_turn(self.flow, self.at, None, self.situation))
        return self

    def is_told_that_nobody_was_reached(self) -> "Caller":
        """Wait in the hold until everybody was tried, and hear what is said then."""
        self.nobody_reached = True
        self.stays_silent()
        self.nobody_reached = False
        return self

    def is_put_at(self, node: str) -> "Caller":
        self._arrive(enter(self.flow, node, self.situation))
        return self

    def _arrive(self, step: Step) -> None:
        self.at, self.position, self.tone = step.node.name, step.node.position, step.tone
        self.hears = [say.prompt for say in step.says]
        self.says = step.says
        self.does += step.does
        self.language = language_of(step.does, self.language)
        for effect in step.does:
            match effect:
                case ChooseCategory(code):
                    self.category = code
                case ResumeRinging():
                    self.rung_at, self.said, self.said_at = self.now, 0, -1e9
                case StartRinging() if self.rung_at < 0:
                    self.rung_at = self.now
        if step.says and self.position is Position.HOLD:
            self.said, self.said_at = step.said, self.now
            self.timeline += [(self.now - self.rung_at, prompt) for prompt in self.hears]

    @property
    def rings(self) -> bool:
        return self.rung_at >= 0

    @property
    def agreed(self) -> bool:
        return any(isinstance(effect, AgreeCallBack) for effect in self.does)
