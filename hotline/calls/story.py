"""How is a call told to a tired person? One sentence first, then what happened, moment by moment. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

_TOLD = {
    "came_in": "the call comes in",
    "key": "the caller presses {detail}",
    "category": "the call is about {detail}",
    "language": "the caller chooses the language {detail}",
    "ringing_began": "phones begin to ring",
    "ringing_resumed": "phones begin to ring again",
    "ring_failed": "{name} could not be rung ({detail})",
    "picked_up": "{name} picks up and hears what it is about",
    "passed_on": "{name} passes it on",
    "accepted": "{name} presses 1 and takes the call",
    "joined": "the caller is brought to the conversation",
    "joined_too": "{name} joins",
    "met": "they talk",
    "responder_gone": "{name}'s line is gone; the caller is asked to stay",
    "everybody_tried": "everybody has been tried",
    "told_honestly": "the caller is told that nobody has answered yet, and hears 112",
    "caller_left": "the caller hangs up",
    "found_gone": "the exchange, asked, says that the caller has gone",
    "found_ended": "the exchange, asked, says that {name}'s line has ended ({detail})",
    "pass_lost": "the caller's line had gone silent; we take it back",
    "caller_may_be_moving": "the caller may already be on the way to somebody who has gone",
    "redirect_late": "the caller was fetched late",
    "room_never_began": "the conversation never began",
    "outcome": "it ends: {detail}",
    "follow_up": "something is still owed: {detail}",
    "called_in": "a further person is rung: {detail}",
    "ended_by_responder": "{name} ends the call",
    "afterwards": "{name} says after the call: {detail}",
    "alarm": "{name} is alarmed about it",
    "taken": "{name} takes the call back",
    "understood": "{name} knows of it, and is rung first if they call again",
    "handed_over": "the owner's shift is over: it belongs to the next on duty",
    "decided": "{name} decides to call, though this person was never asked",
    "looked_at": "{name} has looked at it: there is nothing more to do",
    "calls_back": "{name} calls back",
    "called_back": "the phone is picked up; {name} talks there",
    "not_reached": "{name} did not reach them ({detail})",
    "reported": "{name} says how it went: {detail}",
    "rang_elsewhere": "phones were rung by the documents on another host; nobody told us how it ended",
    "contact": "may we call this person? {detail}",
    "dial": "{name} is rung on the caller's own line, because the exchange would not ring",
    "backstop": "without the database, from the file: {detail}",
    "ceiling": "the caller has waited an hour",
    "offered": "{name} dials the line and hears what it is about",
    "knocked": "{name} presses * and is at the staff door",
    "pin_right": "the PIN is right",
    "pin_wrong": "the PIN is wrong",
    "door_locked": "that was the third wrong PIN: the staff door is closed for a quarter of an hour",
    "as_caller": "{name} is a caller like any other",
    "returned": "{name} returns a call that they missed, and hears: {detail}",
    "checked_in": "{name} says by key: I am there",
    "offers_shift": "{name} offers a shift to the others",
    "takes_shift": "{name} asks for an offered shift: {detail}",
    "cannot_now": "{name} says: I can't, now",
    "can_again": "{name} can again",
    "hears_owed": "{name} hears what is owed to a caller: {detail}",
    "hands_over": "{name} is rung for a hand-over by voice",
    "staff_left": "the line is left",
}
_FLAGS = {
    "cannot_speak": "the caller cannot speak",
    "keyed_112": "the caller keyed 1 1 2, and is told to hang up and dial 112",
    "redial": "this number called a short while ago",
    "withheld": "the number is hidden",
    "danger_now": "the caller says by key: in danger now",
    "somebody_near": "the caller says by key: somebody is near",
}
_ENDS = {
    "accepted": "{name}'s line ends",
    "declined": "{name} does not take it",
    "no_key": "{name}'s phone was picked up, but no key was pressed: a voicemail, perhaps",
    "busy": "{name}'s phone is busy",
    "no_answer": "{name}'s phone rang in vain",
    "failed": "{name}'s phone cannot be reached",
    "canceled": "{name}'s phone is no longer needed",
    "unknown": "{name}'s phone: nobody told us how it ended",
}
_ENDINGS = {
    "promised": "Nobody could answer; the caller was promised a call back.",
    "unreached": "Nobody answered. The caller stayed, and then left.",
    "abandoned": "The caller left before anybody answered.",
}


@dataclass(frozen=True)
class Happening:
    """One event of a call, with the first name of whom it concerns, if anybody."""

    at: datetime
    event: str
    detail: str
    name: str


def sentence(happening: Happening) -> str:
    """Say one event in words; one that this version does not know is said as it was written."""
    event, detail, name = happening.event, happening.detail, happening.name or "somebody"
    if event == "ring":
        return f"{name} is rung"
    if event == "flag":
        return _FLAGS.get(detail, f"noted: {plain(detail)}")
    if event == "leg_ended":
        return _ENDS.get(detail, "{name}'s phone: {detail}").format(name=name, detail=plain(detail))
    if event == "room_ended":
        return "the conversation ends" if not detail else "they had not met: the line was already gone"
    told = _TOLD.get(event)
    if told is None:
        return " ".join(filter(None, (plain(event), plain(detail), happening.name)))
    return told.format(detail=plain(detail), name=name).rstrip(" :")


def timeline(happenings: Sequence[Happening], zone: tzinfo) -> list[str]:
    """Return a line a moment, in local time and since the beginning; phones rung together share one."""
    lines: list[str] = []
    rung: list[str] = []
    for place, happening in enumerate(happenings):
        following = happenings[place + 1] if place + 1 < len(happenings) else None
        if happening.event == "ring":
            rung.append(happening.name or "somebody")
            if following is not None and following.event == "ring" and following.at == happening.at:
                continue
            text, rung = f"{listed(rung)} {'is' if len(rung) == 1 else 'are'} rung", []
        else:
            text = sentence(happening)
        since = (happening.at - happenings[0].at).total_seconds()
        lines.append(f"  {happening.at.astimezone(zone):%H:%M:%S}  {_clock(since):>6}  {text}")
    return lines


def ending(outcome: str | None, position: str) -> str:
    """Say in one sentence how a call without a conversation ended, or where it is."""
    if outcome is None and position in ("staff", "over"):
        return "One of ours dialled the line, and asked for nobody's help."
    return _ENDINGS.get(outcome or "", f"It is not over: the caller is in the {plain(position)}.")


def length(seconds: float) -> str:
    """Return a length as people say it.

    >>> length(8), length(125), length(120)
    ('8 s', '2 min 5 s', '2 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def listed(names: Iterable[str]) -> str:
    """Join names as in a sentence.

    >>> listed(["Anna"]), listed(["Anna", "Bruno", "Carla"])
    ('Anna', 'Anna, Bruno and Carla')
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def plain(code: str) -> str:
    """Return a code as words: `social_worker` is a social worker."""
    return code.replace("_", " ")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"+{minutes}:{rest:02}"
