"""What does the demo page show of the service: the clock, the ring plan, the present call?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hotline.app import Service
from hotline.calls import store as calls
from hotline.calls.call import Call, Leg
from hotline.calls.rooms import store as rooms
from hotline.calls.urgency import planned_as
from hotline.database import Transaction
from hotline.demo.italian import ROLES, event_sentence, leg_words, reason
from hotline.demo.stage import Stage
from hotline.ivr.prompts import number_groups
from hotline.oncall.actions import plan_with_reasons
from hotline.oncall.tiers import Circumstances, RingPlan, TierPlan
from hotline.people import store as people
from hotline.telephony.instructions import Speech

_DAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")


class Picture:
    """Draw the page's state from the service's own database and the telephones."""

    def __init__(self, service: Service, stage: Stage) -> None:
        self._service, self._stage = service, stage
        self._profile = service.board.profile
        self._zone = self._profile.service.timezone
        self._tags = self._own_tags()

    def draw(self, category: str | None) -> dict[str, Any]:
        """Return everything the page shows; `category` is whose plan is wanted while nobody calls."""
        with self._service.database.reading() as tx:
            newest = next(iter(calls.recent_calls(tx, 1)), None)
            live = newest if newest is not None and newest.ended_at is None else None
            state = {
                "clock": self._clock(tx.now),
                "line": " ".join(number_groups(self._service.board.line_number)),
                "categories": self._categories(),
                "plan": self._plan(tx, live, category),
                "call": self._call(tx, newest) if newest is not None else None,
            }
        spoken = newest.language if newest is not None else self._profile.default_language
        state["phones"] = self._stage.screens(lambda text, role: self._tag(text, role, spoken))
        return state

    def _clock(self, now: datetime) -> dict[str, Any]:
        local = now.astimezone(self._zone)
        return {
            "at": now.isoformat(),
            "time": local.strftime("%H:%M"),
            "day": f"{_DAYS[local.weekday()]} {local.day}/{local.month}",
            "night": self._profile.is_night(now),
            "can_turn": self._stage.is_quiet(),
        }

    def _categories(self) -> list[dict[str, str]]:
        return [{"code": one.code, "name": self._topic(one.code)} for one in self._profile.categories]

    def _topic(self, code: str | None) -> str:
        staff = self._service.board.staff_wording
        language = self._profile.service.staff_language
        known = code is not None and staff.has(language, f"topic.{code}")
        return staff.write(language, f"topic.{code}").rstrip(".") if known else (code or "")

    def _plan(self, tx: Transaction, live: Call | None, wanted: str | None) -> dict[str, Any]:
        board = self._service.board
        category = wanted
        circumstances = Circumstances(allowed_countries=board.countries, own_numbers=board.own_numbers)
        legs: tuple[Leg, ...] = ()
        if live is not None:
            category = planned_as(self._profile, tx, live)
            legs = calls.legs_of(tx, live.id)
            circumstances = Circumstances(
                language=live.language,
                caller_number=live.caller,
                allowed_countries=board.countries,
                own_numbers=board.own_numbers,
            )
        plan = plan_with_reasons(tx, self._profile, category, tx.now, circumstances)
        return {
            "live": live is not None and live.winner is None,
            "title": self._topic(category),
            "tiers": [self._tier(tier, legs, live, tx.now) for tier in plan.tiers],
            "left_out": self._left_out(plan),
        }

    def _tier(
        self, tier: TierPlan, legs: tuple[Leg, ...], live: Call | None, now: datetime
    ) -> dict[str, Any]:
        newest = {leg.person_id: leg for leg in sorted(legs, key=lambda leg: leg.created_at)}
        waiting = live is not None and live.winner is None and not any(leg.role == tier.role for leg in legs)
        joins_in = None
        if live is not None and live.rung_at is not None and waiting:
            joins_in = max(0, round(tier.after_seconds - (now - live.rung_at).total_seconds()))
        return {
            "role": ROLES.get(tier.role, tier.role),
            "after": tier.after_seconds,
            "joins_in": joins_in,
            "people": [
                {
                    "name": person.name,
                    "state": _state(newest.get(person.id)),
                    "words": _words(newest.get(person.id)),
                    "languages": list(person.languages),
                }
                for person in tier.people
            ],
        }

    def _left_out(self, plan: RingPlan) -> list[dict[str, str]]:
        return [{"name": one.person.name, "reason": reason(one.reason)} for one in plan.left_out]

    def _call(self, tx: Transaction, call: Call) -> dict[str, Any]:
        end = call.ended_at or tx.now
        return {
            "id": call.id,
            "live": call.ended_at is None,
            "began": call.came_in_at.astimezone(self._zone).strftime("%H:%M"),
            "length": _length(end - call.came_in_at),
            "category": self._topic(call.category),
            "language": self._language(call.language),
            "withheld": call.withheld,
            "talks": list(self._talks(tx, call)),
            "timeline": list(self._timeline(tx, call)),
        }

    def _talks(self, tx: Transaction, call: Call) -> Iterator[dict[str, Any]]:
        name_of = _names(tx)
        person_of = {leg.id: leg.person_id for leg in calls.legs_of(tx, call.id)}
        for row in rooms.conversations_of(tx, call.id):
            if row.met_at is not None:
                name = name_of.get(person_of.get(row.leg_id, ""), "qualcuno")
                yield {
                    "name": name,
                    "length": _length((row.ended_at or tx.now) - row.met_at),
                    "live": row.ended_at is None,
                }

    def _timeline(self, tx: Transaction, call: Call) -> Iterator[dict[str, Any]]:
        name_of = _names(tx)
        for row in calls.events_of(tx, call.id):
            detail = row.detail
            if row.event == "category":
                detail = self._topic(detail)
            elif row.event == "language":
                detail = self._language(detail)
            text = event_sentence(row.event, detail, name_of.get(row.person_id or "", ""))
            if text:
                after = _length(row.at - call.came_in_at)
                yield {"id": row.id, "after": after, "event": row.event, "text": text}

    def _language(self, code: str) -> str:
        spoken = self._service.board.callers_wording.languages.get(code)
        return spoken.name if spoken is not None else code

    def _tag(self, text: str, role: str, spoken: str) -> str:
        """Return the language tag of something heard: names of languages in their own, staff in theirs."""
        if text in self._tags:
            return self._tags[text]
        board = self._service.board
        if role != "caller":
            return board.staff_wording.languages[self._profile.service.staff_language].tag
        languages = board.callers_wording.languages
        return languages.get(spoken, languages[self._profile.default_language]).tag

    def _own_tags(self) -> dict[str, str]:
        """Return the texts that are spoken in a language of their own, whatever the call's is."""
        wording = self._service.board.callers_wording
        tags: dict[str, str] = {}
        for one in self._profile.languages:
            values = {"key_languages": self._profile.keys.languages, "key": one.key or ""}
            for prompt in ("language.own_name", *(("language.press", "greeting.digit") if one.key else ())):
                for heard in wording.speak(one.code, prompt, values):
                    if isinstance(heard, Speech):
                        tags.setdefault(heard.text, heard.tag)
        return tags


def _names(tx: Transaction) -> dict[str, str]:
    return {person.id: person.name for person in people.everybody(tx)}


def _state(leg: Leg | None) -> str:
    if leg is None:
        return "waiting"
    return "over" if leg.ended_at is not None else str(leg.state)


def _words(leg: Leg | None) -> str:
    if leg is None:
        return ""
    return leg_words(str(leg.state), str(leg.result or "unknown") if leg.ended_at is not None else None)


def _length(length: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(length.total_seconds())), 60)
    return f"{minutes}:{seconds:02}"
