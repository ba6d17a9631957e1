"""Could a call be taken with this profile and this wording, or would somebody hear nothing, or go round?"""

from itertools import chain

from hotline.calls.switchboard import Switchboard
from hotline.errors import BadInput
from hotline.ivr.check import flow_problems
from hotline.ivr.flows.drill_v1 import drill_flow
from hotline.ivr.prompt_rules import missing_languages, wording_problems

_MOST_SHOWN = 12


def problems_of(board: Switchboard) -> tuple[str, ...]:
    """Return one sentence for everything that the flows of this profile promise and its words do not keep."""
    callers, staff, profile = board.callers_wording, board.staff_wording, board.profile
    flows = (
        board.caller_flow,
        board.responder_flow,
        board.notice_flow,
        board.staff_flow,
        board.cover_flow,
        board.handover_flow,
        board.presence_flow,
        drill_flow(profile),
    )
    if missing := missing_languages(callers, staff, profile):
        return missing
    words = wording_problems(callers, staff, profile)
    found = chain(words, *(flow_problems(flow, profile, callers, staff) for flow in flows))
    return tuple(dict.fromkeys(found))


def refuse_unless_sound(board: Switchboard) -> None:
    """Raise BadInput naming the profile and what is wrong with its words, before any call meets it."""
    found = problems_of(board)
    if not found:
        return
    lines = [f"{board.profile.source}: {problem}" for problem in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        lines.append(f"and {len(found) - _MOST_SHOWN} more; hotline check names them all")
    raise BadInput("\n".join(lines))
