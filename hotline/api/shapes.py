"""Which shapes do the answers have? Those of `hotline … --json`; moments are local, with their offset."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Iso = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-22T20:00:00+01:00"])]
IsoMinute = Annotated[str, Field(description="ISO 8601, to the minute.", examples=["2026-11-22T20:00+01:00"])]
RoleName = Literal["volunteer", "social_worker", "coordinator"]


class Shape(BaseModel):
    """An answer that has these fields and no other."""

    model_config = ConfigDict(extra="forbid")


class Named(Shape):
    """Somebody, by name."""

    name: str = Field(examples=["Anna Prova"])


class Duty(Shape):
    """Who is on duty, by role."""

    at: Iso
    night: bool
    volunteer: list[Named]
    social_worker: list[Named]
    coordinator: list[Named]


class Headcount(Shape):
    """How many are on duty, by role."""

    at: Iso
    night: bool
    volunteer: int
    social_worker: int
    coordinator: int


class RingTier(Shape):
    """The people of one role who ring together."""

    role: RoleName
    after_seconds: int
    people: list[Named]


class LeftOut(Named):
    """Somebody who would not ring."""

    reason: str


class RingPlan(Shape):
    """Whose phones would ring, in which order, after how many seconds, and why others' would not."""

    at: Iso
    category: str | None
    tiers: list[RingTier]
    left_out: list[LeftOut]


class Gap(Shape):
    """A stretch of time in which a call could find too few people."""

    from_: Iso = Field(alias="from")
    to: Iso
    what: str
    tiers: list[str]
    category: str | None
    levels: int
    covered_by: str | None
    text: str


class Coverage(Shape):
    """The proof of coverage; it names nobody."""

    from_: Iso = Field(alias="from")
    to: Iso
    covered: bool
    gaps: list[Gap]


class ShiftTime(Shape):
    """A shift: one role, from a moment up to and without another."""

    role: RoleName
    starts_at: Iso
    ends_at: Iso


class Changed(Named):
    """What changes for one person."""

    gained: list[ShiftTime]
    lost: list[ShiftTime]


class Review(Shape):
    """What a draft would change for whom, what in it is impossible, broken or uncovered."""

    draft: int
    from_: Iso = Field(alias="from")
    to: str
    shifts: int
    changes: list[Changed]
    impossible: list[str]
    broken: list[str]
    warnings: list[str]


class Kept(Shape):
    """A draft that was kept; `new` is false where these rules are the newest anyway."""

    version: int
    new: bool
    review: Review | None


class ToldBy(Shape):
    """How many people are told what changed for them, by text and by a call."""

    text: int
    call: int


class Publication(Shape):
    """What came of publishing."""

    outcome: Literal["published", "unchanged"]
    version: int
    from_: Iso | None = Field(alias="from")
    changes: list[Changed]
    broken: list[str]
    warnings: list[str]
    told: ToldBy


class Version(Shape):
    """A version of the rota: a draft, in force, or over."""

    version: int
    drafted_at: Iso
    drafted_by: str
    published_at: Iso | None
    published_by: str | None
    reason: str | None
    in_force_from: Iso | None
    in_force_until: Iso | None
    accepted: list[str]


class OnDuty(Named):
    """Somebody's shift at a moment of the history."""

    shift: str
    said_cannot: bool


class Moment(Shape):
    """Who was supposed to be on duty at a moment, and who was; by which version of the rota."""

    at: Iso
    version: int | None
    supposed: list[OnDuty]
    on_duty: list[OnDuty]


class Share(Named):
    """What one person carried; there is no ranking and no score."""

    role: str
    hours: dict[str, float]
    heavy_calls: int
    weighted_hours: float


class Change(Shape):
    """Who changed what, when, from what to what, and why."""

    at: Iso
    who: str
    what: str
    before: str | None
    after: str | None
    why: str | None
