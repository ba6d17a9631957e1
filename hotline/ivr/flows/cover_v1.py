"""What is heard by whoever is asked for cover, or told that somebody cannot? One screen."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.nodes import Confirm, Flow, Go, Node, PassOn, Position, Say, table
from hotline.profile import Profile

HOLD, OVER = Position.HOLD, Position.OVER


def cover_flow(_profile: Profile) -> Flow:
    """Return the leg that asks for cover, or tells; said twice, answered by a key."""
    answer = {"1": Go("yours", (Confirm(),)), "2": Go("declined", (PassOn(),))}
    understood = {"1": Go("noted", (Confirm(),))}
    return Flow(
        "cover",
        1,
        start="ask",
        human="ask",
        entered=frozenset({"told", "told_last", "missing", "missing_last", "stood_in", "yours", "taken"}),
        nodes=table(
            Node("ask", HOLD, (Say("cover.ask"), Say("cover.keys")), 8, answer, Go("ask_again"), Go("ask_again")),
            Node("ask_again", HOLD, (Say("cover.ask"), Say("cover.keys")), 8, answer, Go("unheard"), Go("unheard")),
            Node("yours", OVER, (Say("cover.yours"),)),
            Node("taken", OVER, (Say("cover.taken"),)),
            Node("declined", OVER, (Say("cover.declined"),)),
            # the social worker and the coordinator only have to know
            Node("told", HOLD, (Say("cover.told"), Say("cover.understand")), 8, understood, Go("told_again"), Go("told_again")),
            Node("told_again", HOLD, (Say("cover.told"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            Node("told_last", HOLD, (Say("cover.told_last"), Say("cover.understand")), 8, understood, Go("told_last_again"), Go("told_last_again")),
            Node("told_last_again", HOLD, (Say("cover.told_last"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            # somebody is not heard: nothing is taken from them, others are added
            Node("missing", HOLD, (Say("cover.missing"), Say("cover.understand")), 8, understood, Go("missing_again"), Go("missing_again")),
            Node("missing_again", HOLD, (Say("cover.missing"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            Node("missing_last", HOLD, (Say("cover.missing_last"), Say("cover.understand")), 8, understood, Go("missing_last_again"), Go("missing_last_again")),
            Node("missing_last_again", HOLD, (Say("cover.missing_last"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            Node("stood_in", HOLD, (Say("cover.stood_in"), Say("cover.understand")), 8, understood, Go("stood_in_again"), Go("stood_in_again")),
            Node("stood_in_again", HOLD, (Say("cover.stood_in"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            Node("noted", OVER, (Say("cover.noted"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"},
    )  # fmt: skip
