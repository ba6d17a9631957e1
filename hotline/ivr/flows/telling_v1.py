"""What is heard by whoever is told of changed shifts, or of a gap? Said twice, understood by a key."""

from hotline.ivr.nodes import Confirm, Flow, Go, Node, Position, Say, table
from hotline.profile import Profile

HOLD, OVER = Position.HOLD, Position.OVER


def telling_flow(_profile: Profile) -> Flow:
    """Return the leg that tells a member of staff something about the rota."""
    understood = {"1": Go("noted", (Confirm(),))}
    told: list[Node] = []
    for name in ("news", "gap", "gaps"):
        says = (Say(f"telling.{name}"), Say("cover.understand"))
        again, unheard = Go(f"{name}_again"), Go("unheard")
        told.append(Node(name, HOLD, says, 8, understood, again, again))
        told.append(Node(f"{name}_again", HOLD, says, 8, understood, unheard, unheard))
    return Flow(
        "telling",
        1,
        start="news",
        human="news",
        entered=frozenset({"gap", "gaps"}),
        nodes=table(*told, Node("noted", OVER, (Say("cover.noted"),)), Node("unheard", OVER)),
        spoken_keys={"key_accept": "1"},
    )
