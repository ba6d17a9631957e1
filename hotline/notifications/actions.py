"""How is a member of staff told something outside a call, and how does that stop?"""

from collections.abc import Collection, Mapping
from datetime import datetime
from secrets import token_hex

from hotline.database import Transaction
from hotline.notifications import store
from hotline.notifications.notice import Channel, Notice, NoticeState
from hotline.people import actions as people
from hotline.telephony import acts
from hotline.telephony.acts import Act, ActKind, ActState, Outcome, Priority

NOTICE = "notice"
"""Purpose of our acts."""

UNSUBSCRIBED = "21610"
"""What Twilio answers for a phone that has written STOP."""


def new_notice(
    tx: Transaction, person_id: str, call_id: str, kind: str, channel: Channel, about: datetime
) -> Notice:
    """Return a notice about to be sent."""
    return Notice(token_hex(8), person_id, call_id, kind, channel, about, tx.now)


def send(
    tx: Transaction, notice: Notice, target: Mapping[str, object], priority: int = Priority.ALARM
) -> None:
    """Store a notice, and text or ring its person: a duty call."""
    store.add(tx, notice)
    kind = ActKind.TEXT if notice.channel == Channel.TEXT else ActKind.RING
    _intend(tx, notice, kind, priority, target)


def picked_up(tx: Transaction, notice: Notice, sid: str) -> None:
    """Store that somebody, or a voicemail box, has answered."""
    store.change(tx, notice.id, {"answered_at": notice.answered_at or tx.now, "sid": notice.sid or sid})


def taken(tx: Transaction, notice: Notice) -> None:
    """Store that the person pressed the key, and stop every other phone that rings for the same call."""
    store.change(tx, notice.id, {"state": NoticeState.TAKEN})
    for other in store.about_call(tx, notice.call_id):
        if other.id != notice.id and other.answered_at is None:
            stop(tx, other)


def over(tx: Transaction, notice: Notice) -> None:
    """Store that its leg has ended, or that a text went nowhere."""
    if notice.is_open:
        state = NoticeState.TAKEN if notice.state == NoticeState.TAKEN else NoticeState.UNHEARD
        store.change(tx, notice.id, {"state": state, "closed_at": tx.now})


def undelivered(tx: Transaction, notice: Notice) -> None:
    """Store that a text which Twilio had taken in never reached the phone."""
    if notice.channel == Channel.TEXT and notice.state == NoticeState.SENT:
        store.change(tx, notice.id, {"state": NoticeState.UNHEARD})


def make_way(tx: Transaction, people: Collection[str]) -> None:
    """Stop phones that ring for an alarm and were not answered: somebody on the line comes first."""
    for notice in store.open_calls(tx) if people else ():
        if notice.person_id in people and notice.answered_at is None:
            stop(tx, notice)


def stop(tx: Transaction, notice: Notice) -> None:
    """End the ring of a notice that nobody needs any more."""
    if not notice.is_open or notice.channel == Channel.TEXT:
        return
    if acts.cancel(tx, notice.id, ActKind.RING):
        over(tx, notice)
    elif notice.sid is None:
        # The ring is on its way: its settling sees the mark and ends it.
        store.change(tx, notice.id, {"state": NoticeState.UNWANTED})
    else:
        _intend(tx, notice, ActKind.HANG_UP, Priority.END, {"sid": notice.sid})


def move(tx: Transaction, notice: Notice, url: str) -> None:
    """Take the leg of a notice to another document by redirect."""
    if notice.is_open and notice.sid is not None:
        _intend(tx, notice, ActKind.REDIRECT, Priority.END, {"sid": notice.sid, "url": url})


def in_use(tx: Transaction) -> frozenset[str]:
    """Return whose phone rings, or is in use, for a notice."""
    return frozenset(notice.person_id for notice in store.open_calls(tx))


def talking(tx: Transaction) -> frozenset[str]:
    """Return who has answered a notice, and is perhaps calling somebody back on its leg."""
    return frozenset(notice.person_id for notice in store.open_calls(tx) if notice.answered_at is not None)


def settle(tx: Transaction, act: Act, outcome: Outcome) -> None:
    """Store that a notice went out, or did not; a ring that ended while queued reports nothing more."""
    notice = store.lock(tx, act.subject)
    if notice is None or not notice.is_open:
        return
    if act.kind == ActKind.REDIRECT:
        return
    if act.kind == ActKind.HANG_UP:
        # A leg that could not be ended goes on; its person is busy until the provider says that it is over.
        if outcome.answer in ("canceled", "completed", "over"):
            over(tx, notice)
    elif outcome.state != ActState.DONE:
        over(tx, notice)
        if outcome.error == UNSUBSCRIBED:
            people.stop_texts(tx, notice.person_id, "Twilio refuses texts to them: they wrote STOP")
    elif notice.channel == Channel.TEXT:
        store.change(tx, notice.id, {"sid": outcome.answer, "closed_at": tx.now})
    else:
        store.change(tx, notice.id, {"sid": outcome.answer})
        if notice.state == NoticeState.UNWANTED:
            _intend(tx, notice, ActKind.HANG_UP, Priority.END, {"sid": outcome.answer})


def _intend(
    tx: Transaction, notice: Notice, kind: ActKind, priority: int, target: Mapping[str, object]
) -> None:
    lane = f"notice:{notice.id}"
    acts.intend(tx, Act(kind, NOTICE, notice.id, lane, priority, dict(target), duty=True))
