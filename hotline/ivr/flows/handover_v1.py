"""What is heard by a colleague who is wanted for a hand-over, and by a coordinator in the morning?"""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from hotline.ivr.nodes import Accept, Confirm, Flow, Go, Node, Position, Say, table
from hotline.profile import Profile

HOLD, ROOM, OVER = Position.HOLD, Position.ROOM, Position.OVER

ASK, MORNING, CALL_FIRST, GONE = "ask", "morning", "call_first", "gone"
"""Where a leg begins, and where the live call leads: somebody waits on the line, or the colleague has gone."""


def handover_flow(_profile: Profile) -> Flow:
    """Return the leg of a hand-over: said twice, answered by a key; and that of the morning's numbers."""
    join = {"1": Go("joined", (Accept(),))}
    understood = {"1": Go("noted", (Confirm(),))}
    return Flow(
        "handover",
        1,
        start=ASK,
        human=ASK,
        entered=frozenset({MORNING, CALL_FIRST, GONE}),
        nodes=table(
            Node(ASK, HOLD, (Say("handover.ask"), Say("handover.accept")), 8, join, Go("ask_again"), Go("ask_again")),
            Node("ask_again", HOLD, (Say("handover.ask"), Say("handover.accept")), 8, join, Go("unheard"), Go("unheard")),
            Node("joined", ROOM),
            Node(GONE, OVER, (Say("handover.gone"),)),
            Node(CALL_FIRST, OVER, (Say("handover.call_first"),)),
            # in the morning: what the day and the night have left
            Node(MORNING, HOLD, (Say("morning.numbers"), Say("cover.understand")), 8, understood, Go("morning_again"), Go("morning_again")),
            Node("morning_again", HOLD, (Say("morning.numbers"), Say("cover.understand")), 8, understood, Go("unheard"), Go("unheard")),
            Node("noted", OVER, (Say("cover.noted"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1"},
    )  # fmt: skip
