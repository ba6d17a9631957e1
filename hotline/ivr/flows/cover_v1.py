"""What is heard by whoever is asked for cover, or told that somebody cannot? One screen."""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.nodes import Confirm, Flow, Go, Node, PassOn, Position, Say, table
from hotline.profile import Profile

TOLD_OF_OFFERS = frozenset(
    {"offer_covered", "offer_untaken", "offer_lapsed", "offer_reopened", "offer_open_again", "offer_rule"}
)
"""What is only told of an offer: each says the prompt of its name, and a key says that it was heard."""

HOLD, OVER = Position.HOLD, Position.OVER


def cover_flow(_profile: Profile) -> Flow:
    """Return the leg that asks for cover, or tells; said twice, answered by a key."""
    answer = {"1": Go("yours", (Confirm(),)), "2": Go("declined", (PassOn(),))}
    take = {"1": Go("offer_yours", (Confirm(),)), "2": Go("declined", (PassOn(),))}
    understood = {"1": Go("noted", (Confirm(),))}
    return Flow(
        "cover",
        1,
        start="ask",
        human="ask",
        entered=TOLD_OF_OFFERS
        | {"told", "told_last", "missing", "missing_last", "stood_in", "yours", "taken"}
        | {"offer", "trade", "offer_refused", "offer_over"},
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
            # a shift that somebody offers, alone or for another one
            Node("offer", HOLD, (Say("cover.offer"), Say("cover.keys")), 8, take, Go("offer_again"), Go("offer_again")),
            Node("offer_again", HOLD, (Say("cover.offer"), Say("cover.keys")), 8, take, Go("unheard"), Go("unheard")),
            Node("trade", HOLD, (Say("cover.trade"), Say("cover.keys")), 8, take, Go("trade_again"), Go("trade_again")),
            Node("trade_again", HOLD, (Say("cover.trade"), Say("cover.keys")), 8, take, Go("unheard"), Go("unheard")),
            Node("offer_yours", OVER, (Say("cover.offer_yours"),)),
            Node("offer_refused", OVER, (Say("cover.offer_refused"),)),
            Node("offer_over", OVER, (Say("cover.offer_over"),)),
            # what whoever gave it, or the coordinators, only have to know
            *(_told(name) for name in sorted(TOLD_OF_OFFERS)),
            Node("noted", OVER, (Say("cover.noted"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"},
    )  # fmt: skip


def _told(name: str) -> Node:
    """Say it until a key says that it was heard; a voicemail is let go of after a while."""
    understood, again = {"1": Go("noted", (Confirm(),))}, Go("unheard")
    return Node(name, HOLD, (Say(f"cover.{name}"), Say("cover.understand")), 8, understood, again, again)
