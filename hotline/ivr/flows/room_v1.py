"""What can a responder do in a conversation, and what is asked after it? One screen."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.nodes import Accept, CallIn, EndCall, Go, Node, PassOn, Position, Report, Say

HOLD, ROOM, OVER = Position.HOLD, Position.ROOM, Position.OVER

SOCIAL_WORKER, HAND_OVER, EMERGENCY, INTERPRETER, PRIVATE, BACK = (
    "social_worker",
    "hand_over",
    "emergency",
    "interpreter",
    "private",
    "back",
)
"""Errands: why a further phone is rung while, or just after, somebody talks with the caller."""

ANSWERS, ANSWERS_SHORT = "whisper.answers", "whisper.answers_short"
"""In place of a prompt: what the caller has answered by key, in full and for whoever has no second to lose."""

ANSWERED = {
    ANSWERS: ("extra.danger_now", "extra.cannot_speak_near", "extra.cannot_speak"),
    ANSWERS_SHORT: ("extra.silent_near", "extra.silent"),
}
"""What these become: of the last two, the first tells both that nobody can speak and that somebody is near."""

ROOM_KEYS = {
    "key_social_worker": "1",
    "key_hand_over": "2",
    "key_back": "3",
    "key_112": "4",
    "key_interpreter": "5",
    "key_private": "6",
    "key_number": "7",
    "key_end": "9",
    "key_offensive": "1",
    "key_finished": "2",
    "key_done": "1",
    "key_now": "2",
    "key_tomorrow": "3",
    "key_mute": "4",
    "key_heavy": "5",
}
ROOM_ENTRIES = frozenset(
    {
        "room_menu",
        "room_menu_number",
        "nobody",
        "after_call",
        "after_call_once",
        "after_call_brief",
        "private",
        "called_in",
        "called_in_emergency",
        "ring_back",
    }
)


def room_nodes() -> tuple[Node, ...]:
    """Return the menu behind `*`, the end, the keys after the call, and what those hear who are called in."""
    back = Go("back")
    menu = {
        "1": Go("calling", (CallIn(SOCIAL_WORKER),)),
        "2": Go("calling", (CallIn(HAND_OVER),)),
        "3": back,
        "4": Go("calling", (CallIn(EMERGENCY),)),
        "5": Go("calling", (CallIn(INTERPRETER),)),
        "6": Go("calling", (CallIn(PRIVATE),)),
        "9": Go("end_sure"),
    }
    sure = {"9": Go("after_call", (EndCall(),)), "1": Go("after_call", (EndCall(offensive=True),))}
    after = {
        "1": Go("noted", (Report("done"),)),
        "2": Go("noted", (Report("now"),)),
        "3": Go("noted", (Report("tomorrow"),)),
        "4": Go("noted", (Report("mute"),)),
        "5": Go("noted", (Report("heavy"),)),
    }
    join = {"1": Go("room", (Accept(),)), "2": Go("passed", (PassOn(),))}
    colleague = (
        Say("called_in.colleague"),
        Say("topic.{category}", if_none="topic.none"),
        Say(ANSWERS),
        Say("called_in.keys"),
    )
    to_dial_112 = (Say("called_in.emergency"), Say(ANSWERS_SHORT), Say("called_in.emergency_keys"))
    still_there = (Say("ring_back.ask"), Say(ANSWERS), Say("ring_back.keys"))
    return (
        Node("room_menu", ROOM, (Say("room.menu"),), 6, menu, back, back),
        Node("room_menu_number", ROOM, (Say("room.menu"), Say("room.menu_number")), 6, menu | {"7": Go("number")}, back, back),
        Node("number", ROOM, (Say("room.number"),)),
        Node("calling", ROOM, (Say("room.calling"),)),
        Node("nobody", ROOM, (Say("room.nobody"),)),
        Node("back", ROOM),
        Node("private", ROOM),
        Node("end_sure", ROOM, (Say("room.end_sure"),), 6, sure, back, back),
        Node("after_call", HOLD, (Say("after_call.thanks"), Say("after_call.keys")), 8, after, Go("after_call_again"), Go("over")),
        Node("after_call_again", HOLD, (Say("after_call.keys"),), 8, after, Go("over"), Go("over")),
        # another caller waits for this very phone: the keys once after a grave call, unspoken after any other
        Node("after_call_once", HOLD, (Say("after_call.thanks"), Say("after_call.keys")), 4, after, Go("over"), Go("over")),
        Node("after_call_brief", HOLD, (Say("after_call.thanks"),), 2, after, Go("over"), Go("over")),
        Node("noted", OVER, (Say("after_call.noted"),)),
        # a further person, while a colleague talks with the caller
        Node("called_in", HOLD, colleague, 8, join, Go("called_in_again"), Go("called_in_again")),
        Node("called_in_again", HOLD, (Say("called_in.keys"),), 8, join, Go("no_key"), Go("no_key")),
        Node("called_in_emergency", HOLD, to_dial_112, 8, join, Go("emergency_again"), Go("emergency_again")),
        Node("emergency_again", HOLD, to_dial_112, 8, join, Go("no_key"), Go("no_key")),
        # the responder whose line was lost, while the caller has stayed
        Node("ring_back", HOLD, still_there, 8, join, Go("ring_back_again"), Go("ring_back_again")),
        Node("ring_back_again", HOLD, still_there, 8, join, Go("no_key"), Go("no_key")),
    )  # fmt: skip
