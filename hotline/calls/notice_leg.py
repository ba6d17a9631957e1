"""What happens on the leg of a notice to staff? It is said twice, and a key confirms it."""

from hotline.calls.heard import staff_words
from hotline.calls.switchboard import Switchboard
from hotline.database import Transaction
from hotline.ivr.engine import Situation, enter, take_turn
from hotline.ivr.nodes import Confirm, Say
from hotline.notifications import actions as notifications
from hotline.notifications import store
from hotline.telephony.instructions import HangUp, Instruction, Listen


def notice_turn(
    board: Switchboard, tx: Transaction, notice_id: str, at: str, turn: str, key: str | None
) -> list[Instruction]:
    """Say the notice, or take in its confirmation."""
    notice = store.get(tx, notice_id)
    if notice is None:
        return [HangUp()]
    flow, situation = board.notice_flow, Situation()
    step = enter(flow, flow.start, situation) if at == "start" else take_turn(flow, at, key, situation)
    if any(isinstance(effect, Confirm) for effect in step.does):
        notifications.confirm(tx, notice.id)
    says = [Say(say.prompt.replace("{kind}", notice.kind)) for say in step.node.says]
    local = notice.about.astimezone(board.profile.service.timezone).time()
    heard = staff_words(board, None, says, "", tx.now, {"time": local})
    if not step.node.exits:
        return [*heard, HangUp()]
    return [
        Listen(heard, step.node.seconds, board.urls.notice(notice.id, f"{turn}.{key or 0}", step.node.name))
    ]
