"""What does a turn of the caller's leg report, and which key does it come to?"""

from dataclasses import dataclass
from datetime import timedelta

from hotline.calls import store
from hotline.calls.live import LiveCall
from hotline.calls.promise import agreement
from hotline.calls.switchboard import Switchboard
from hotline.ivr.engine import CALLERS_KEYS
from hotline.ivr.nodes import NO_NUMBER, TYPED

_EMERGENCY = "112"
_KEPT_TO = timedelta(milliseconds=1)
"""So exactly the moment of a key is kept."""


@dataclass(frozen=True)
class CallerHeard:
    """What a turn of the caller's leg reports: the key, whether a room ended, whether the caller is there.

    `sid`: whose leg it was; empty when the report did not say.
    `lost`: a number was keyed in, and did not reach us.
    `dialled` is the leg whose Dial by the caller's own line ended, with which status, bridged or not.
    """

    key: str | None = None
    on_line: bool = True
    ended_room: str = ""
    moved: bool = False
    turn: str = ""
    dialled: str = ""
    dial_status: str = ""
    bridged: bool = False
    typed: str = ""
    lost: bool = False
    sid: str = ""


def key_of(board: Switchboard, live: LiveCall, heard: CallerHeard) -> str | None:
    """Return the key that the flow goes by, noted down; a keyed-in number stands for one of its own."""
    key = heard.key
    if board.caller_flow.node(live.call.node).typing and heard.typed:
        key = _key_of_number(board, live, heard.typed)
    elif key is not None:
        live.change(keys=(*live.call.keys, (key, live.tx.now))[-3:])
    if key is not None:
        live.note("key", key)
    return key


def _key_of_number(board: Switchboard, live: LiveCall, typed: str) -> str:
    """Return what stands for a keyed-in number; a single key, and 1 1 2, mean what they mean everywhere."""
    if len(typed) == 1 or typed == _EMERGENCY:
        pressed = tuple((key, live.tx.now) for key in typed)
        live.change(keys=(*live.call.keys, *pressed)[-3:])
        return typed[-1]
    return TYPED if agreement.key_in(board, live, typed) else NO_NUMBER


def came_of_the_last_keys(live: LiveCall, flag: str) -> bool:
    """Tell whether a flag was raised by the keys just pressed; told earlier, it was meant by itself."""
    raised = [e.at for e in store.events_of(live.tx, live.call.id) if (e.event, e.detail) == ("flag", flag)]
    return bool(raised and live.call.keys) and raised[-1] >= live.call.keys[0][1] - _KEPT_TO


def callers_key(digits: str) -> str | None:
    """Return the key that was pressed: the first one, `?` for what no telephone has, None for silence."""
    if not digits:
        return None
    return digits[0] if digits[0] in CALLERS_KEYS else "?"
