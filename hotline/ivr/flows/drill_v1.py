"""What happens on the leg of a practice call? It says that it is one, and asks for the usual keys."""

from hotline.ivr.nodes import Confirm, Flow, Go, Node, PassOn, Position, Say, table
from hotline.profile import Profile

HOLD, OVER = Position.HOLD, Position.OVER


def drill_flow(_profile: Profile) -> Flow:
    """Return the leg of a practice call to a member of staff: said twice, ended by a key."""
    keys = {"1": Go("confirmed", (Confirm(),)), "2": Go("passed", (PassOn(),))}
    return Flow(
        "drill",
        1,
        start="drill",
        human="drill",
        entered=frozenset({"code"}),
        nodes=table(
            Node("drill", HOLD, (Say("drill.announce"),), 8, keys, Go("again"), Go("again")),
            Node("again", HOLD, (Say("drill.again"),), 8, keys, Go("no_key"), Go("no_key")),
            Node("confirmed", OVER, (Say("drill.confirmed"),)),
            Node("passed", OVER, (Say("drill.passed"),)),
            # The digits go to whoever sits at the terminal, by another way.
            Node("code", OVER, (Say("drill.code"), Say("drill.code_again"), Say("drill.code_again"))),
            Node("no_key", OVER, (Say("drill.no_key"),)),
        ),
        spoken_keys={"key_accept": "1", "key_pass": "2"},
    )  # fmt: skip
