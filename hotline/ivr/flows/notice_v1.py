"""What happens on the leg of an alarm? What is owed, a key that takes it, the call back, and how it went."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.nodes import CallPerson, Confirm, Flow, Go, Node, Position, Report, Say, table
from hotline.profile import Profile

HOLD, ROOM, OVER = Position.HOLD, Position.ROOM, Position.OVER

WANTED = "wanted"
"""Where a leg begins when a colleague has talked with somebody and wants the social worker."""


def notice_flow(_profile: Profile) -> Flow:
    """Return the leg of an alarm to a member of staff: said twice, taken by a key, called back by another."""
    take, understand, call = (
        Go("before", (Confirm(),)),
        Go("understood", (Confirm(),)),
        Go("calling", (CallPerson(),)),
    )
    come = Go("wanted_by", (Confirm(),))
    read, number = Go("text_words", (Confirm(),)), Go("text_number")
    listened = {"1": Go("noted", (Report("read"),)), "2": Go("text_words"), "7": number}
    after = {
        "1": Go("noted", (Report("talked"),)),
        "2": Go("noted", (Report("again"),)),
        "3": Go("noted", (Report("wrong"),)),
    }
    return Flow(
        "notice",
        1,
        start="call_back",
        human="call_back",
        entered=frozenset({"review", WANTED, "text", "after", "not_reached", "not_rung", "enough", "lapsed", "taken_by_other"}),
        nodes=table(
            Node("call_back", HOLD, (Say("alarm.call_back"),), 8, {"1": take}, Go("call_back_again"), Go("call_back_again")),
            Node("call_back_again", HOLD, (Say("alarm.call_back"),), 8, {"1": take}, Go("unheard"), Go("unheard")),
            Node("before", HOLD, (Say("alarm.taken"), Say("owner.before")), 10, {"1": call}, Go("before_again"), Go("before_again")),
            Node("before_again", HOLD, (Say("owner.before"),), 10, {"1": call}, Go("unheard"), Go("unheard")),
            Node("calling", ROOM),
            Node("after", HOLD, (Say("owner.after"),), 10, after, Go("after_again"), Go("after_again")),
            Node("after_again", HOLD, (Say("owner.after"),), 10, after, Go("unheard"), Go("unheard")),
            Node("noted", OVER, (Say("after_call.noted"),)),
            Node("not_reached", OVER, (Say("owner.not_reached"),)),
            Node("not_rung", OVER, (Say("owner.not_rung"),)),
            Node("enough", OVER, (Say("owner.enough"),)),
            Node("lapsed", OVER, (Say("owner.lapsed"),)),
            # nobody may be called: a person knows, and is ready if they ring again
            Node("review", HOLD, (Say("alarm.review"),), 8, {"1": understand}, Go("review_again"), Go("review_again")),
            Node("review_again", HOLD, (Say("alarm.review"),), 8, {"1": understand}, Go("unheard"), Go("unheard")),
            # a colleague has talked with somebody: nobody was missed, and no name is said to a voicemail
            Node(WANTED, HOLD, (Say("alarm.wanted"),), 8, {"1": come}, Go("wanted_again"), Go("wanted_again")),
            Node("wanted_again", HOLD, (Say("alarm.wanted"),), 8, {"1": come}, Go("unheard"), Go("unheard")),
            Node("wanted_by", OVER, (Say("alarm.taken"), Say("alarm.wanted_by"))),
            # a text came in: whoever takes it hears it, as often as they like
            Node("text", HOLD, (Say("alarm.text"),), 8, {"1": read}, Go("text_again"), Go("text_again")),
            Node("text_again", HOLD, (Say("alarm.text"),), 8, {"1": read}, Go("unheard"), Go("unheard")),
            Node("text_words", HOLD, (Say("alarm.taken"), Say("alarm.text_words"), Say("alarm.text_keys")), 8, listened, Go("unheard"), Go("unheard")),
            Node("text_number", HOLD, (Say("room.number"), Say("alarm.text_keys")), 8, listened, Go("unheard"), Go("unheard")),
            Node("understood", OVER, (Say("alarm.taken"),)),
            Node("taken_by_other", OVER, (Say("lost.colleague"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1", "key_done": "1", "key_retry": "2", "key_wrong": "3", "key_again": "2", "key_number": "7"},
    )  # fmt: skip
