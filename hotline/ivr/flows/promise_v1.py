"""What is a caller asked when nobody was reached, and where does each answer lead? Once, and once for the quiet."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from collections.abc import Mapping
from dataclasses import replace

from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    AgreeCallBack,
    Decline,
    Go,
    KeepNumber,
    Node,
    Position,
    Say,
)

HOLD = Position.HOLD
_TYPING = 6
"""Seconds of patience before and between the digits of a number."""


def promise_nodes(call_back: str, every_key: Mapping[str, Go], closes: frozenset[str]) -> tuple[Node, ...]:
    """Return the ordinary question: `call_back` and a second `call_back` is yes, everything else is no."""
    no, hold = Decline(), Go("hold")
    declined, agreed = Go("declined", (no,)), Go("agreed", (AgreeCallBack(),))
    # A key of the menu means what it means everywhere, and it is no yes.
    refusing = {key: replace(go, does=(*go.does, no)) for key, go in every_key.items()}
    asking = refusing | {call_back: Go("confirm")}
    typing = refusing | {TYPED: Go("typed", (KeepNumber(),)), NO_NUMBER: Go("number_refused")}
    close = (Say("close.danger"), Say("close.{category}", only=closes))
    return (
        Node("unreached", HOLD, (Say("promise.nobody"), Say("promise.ask")), 6, asking, declined, Go("asked_again")),
        Node("asked_again", HOLD, (Say("promise.ask"),), 6, asking, declined, declined),
        Node("confirm", HOLD, (Say("promise.confirm"),), 6, refusing | {call_back: agreed}, declined, declined),
        Node("agreed", HOLD, (Say("promise.agreed"), *close), 0, every_key, hold, hold),
        Node("declined", HOLD, (Say("promise.declined"), *close), 0, every_key, hold, hold),
        Node("still_nobody", HOLD, (Say("promise.nobody"), *close), 0, every_key, hold, hold),
        # a withheld number: they may key one in
        Node("unreached_withheld", HOLD, (Say("promise.nobody"), Say("promise.ask_withheld")), _TYPING, typing, declined, declined, typing=True),
        Node("key_in", HOLD, (Say("promise.ask_withheld"),), _TYPING, typing, declined, declined, typing=True),
        Node("number_refused", HOLD, (Say("promise.number_refused"),), _TYPING, typing, declined, declined, typing=True),
        Node("typed", HOLD, (Say("promise.read_back"),), 6, {call_back: agreed, "#": Go("key_in")}, declined, declined),
    )  # fmt: skip


def quiet_promise_nodes(call_back: str, cannot_speak: Go, closes: frozenset[str]) -> tuple[Node, ...]:
    """Return the question for whoever may be watched: they are told that our number will show."""
    quiet = Go("quiet_hold")
    declined, agreed = Go("declined_quiet", (Decline(),)), Go("agreed_quiet", (AgreeCallBack(shown=True),))
    typing = {TYPED: Go("typed_quiet", (KeepNumber(),)), NO_NUMBER: Go("number_refused_quiet")}
    close = (Say("close.danger"), Say("close.{category}", only=closes))
    return (
        Node("unreached_quiet", HOLD, (Say("promise.nobody"), Say("promise.ask_careful")), 8, {call_back: Go("confirm_quiet")}, declined, declined),
        Node("confirm_quiet", HOLD, (Say("promise.confirm"),), 6, {call_back: agreed}, declined, declined),
        Node("agreed_quiet", HOLD, (Say("promise.agreed"), *close), 0, {}, cannot_speak, quiet),
        Node("declined_quiet", HOLD, (Say("promise.declined"), *close), 0, {}, cannot_speak, quiet),
        Node("still_nobody_quiet", HOLD, (Say("promise.nobody"), *close), 0, {}, cannot_speak, quiet),
        Node("unreached_withheld_quiet", HOLD, (Say("promise.nobody"), Say("promise.ask_withheld")), _TYPING, typing, declined, declined, typing=True),
        Node("key_in_quiet", HOLD, (Say("promise.ask_withheld"),), _TYPING, typing, declined, declined, typing=True),
        Node("number_refused_quiet", HOLD, (Say("promise.number_refused"),), _TYPING, typing, declined, declined, typing=True),
        Node("typed_quiet", HOLD, (Say("promise.read_back"),), 6, {call_back: Go("shown_quiet"), "#": Go("key_in_quiet")}, declined, declined),
        Node("shown_quiet", HOLD, (Say("promise.ask_careful"),), 8, {call_back: agreed}, declined, declined),
    )  # fmt: skip
