"""What does somebody hear who is asked whether they are, or will be, there? One screen."""

from hotline.ivr.nodes import Confirm, Flow, Go, Node, PassOn, Position, Say, table
from hotline.profile import Profile

HOLD, OVER = Position.HOLD, Position.OVER


def presence_flow(_profile: Profile) -> Flow:
    """Return the leg that asks about a shift, said twice, answered by a key; silence is no answer."""
    keys = {"1": Go("noted", (Confirm(),)), "2": Go("cannot_later", (PassOn(),))}
    unheard = Go("unheard")
    ask, begun, night, added = (
        (Say("presence.ask"), Say("presence.ask_keys")),
        (Say("presence.begun"), Say("presence.keys")),
        (Say("presence.night"), Say("presence.keys")),
        (Say("presence.added"), Say("presence.keys")),
    )
    return Flow(
        "presence",
        1,
        start="ask",
        human="ask",
        entered=frozenset({"begun", "night", "added", "cannot_now", "cannot_untold"}),
        nodes=table(
            Node("ask", HOLD, ask, 8, keys, Go("ask_again"), Go("ask_again")),
            Node("ask_again", HOLD, ask, 8, keys, unheard, unheard),
            Node("begun", HOLD, begun, 8, keys, Go("begun_again"), Go("begun_again")),
            Node("begun_again", HOLD, begun, 8, keys, unheard, unheard),
            Node("night", HOLD, night, 8, keys, Go("night_again"), Go("night_again")),
            Node("night_again", HOLD, night, 8, keys, unheard, unheard),
            # put on for the night beside a social worker who is not reached
            Node("added", HOLD, added, 8, keys, Go("added_again"), Go("added_again")),
            Node("added_again", HOLD, added, 8, keys, unheard, unheard),
            Node("noted", OVER, (Say("presence.noted"),)),
            Node("cannot_later", OVER, (Say("presence.cannot_later"),)),
            Node("cannot_untold", OVER, (Say("presence.cannot_untold"),)),
            # the shift runs already: cover is sought at once
            Node("cannot_now", OVER, (Say("presence.cannot_now"),)),
            Node("unheard", OVER),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"},
    )  # fmt: skip
