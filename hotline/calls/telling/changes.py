"""Who is told now that their shifts have changed? Each person once, for all that has changed by then."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from hotline.calls.switchboard import Switchboard
from hotline.calls.telling.hearing import Hearing, hearing
from hotline.calls.telling.reach import reach, told_about
from hotline.calls.telling.words import NEWS, channel_for, news_text
from hotline.database import Database, Transaction
from hotline.notifications import actions as notifications
from hotline.notifications.notice import Channel, Notice
from hotline.oncall.news import store
from hotline.oncall.news.news import News, end_of_night, may_be_told, taken_together
from hotline.oncall.presence import actions as presence
from hotline.people import store as people
from hotline.people.person import Person
from hotline.people.serving.store import terms_of
from hotline.phone_number import is_dialable

AGAIN_AFTER = timedelta(minutes=30)
NOBODY = "nobody"


def tell_changes(board: Switchboard, database: Database) -> None:
    """Tell everybody whose shifts have changed, as they chose and when they may be told."""
    with database.reading() as tx:
        waiting = store.who_is_untold(tx)
        due = [person for person in people.people_by_ids(tx, waiting) if _is_due(board, tx, person)]
    for person in due:
        with database.transaction() as tx:
            # Another replica may be about to tell the same person.
            people.lock(tx, {person.id})
            _tell(board, tx, person)


def how_told(board: Switchboard, tx: Transaction, person_ids: Iterable[str]) -> dict[Channel, int]:
    """Return how many of these people will be told by text, and how many by a call."""
    found = people.people_by_ids(tx, person_ids)
    terms = terms_of(tx, found)
    able = [one for one in found if _can_be_told(board, one)]
    channels = [channel_for(one, terms[one.id], board.sms_number) for one in able]
    return {channel: channels.count(channel) for channel in Channel}


def about_of(newest: News) -> str:
    """Return what joins the notices about changes up to the newest one; a later one is told anew."""
    return f"news-{newest.id}"


def _is_due(board: Switchboard, tx: Transaction, person: Person) -> bool:
    """Tell whether there is something to do about this person now: tell, tell again, or note the end."""
    news = store.untold(tx, person.id)
    change = taken_together(news, tx.now)
    if _heard(tx, news) or change.is_nothing or not _can_be_told(board, person):
        return bool(news)
    if any(notice.is_open for one in news for notice in _told(tx, one)):
        return False
    if hearing(_told(tx, news[-1]), tx.now, AGAIN_AFTER) in (Hearing.WAITING, Hearing.GIVEN_UP):
        return False
    night_ends_at = end_of_night(tx.now, board.profile.night, board.profile.service.timezone)
    return may_be_told(change, night_ends_at, by_call=_channel(board, tx, person) == Channel.CALL)


def _tell(board: Switchboard, tx: Transaction, person: Person) -> None:
    if not _is_due(board, tx, person):
        return
    if heard := _heard(tx, store.untold(tx, person.id)):
        store.told(tx, heard, _told(tx, heard[-1])[-1].channel)
        if not _is_due(board, tx, person):
            return
    news = store.untold(tx, person.id)
    change = taken_together(news, tx.now)
    if change.is_nothing or not _can_be_told(board, person):
        store.told(tx, news, NOBODY)
        return
    # A text that could not leave is followed by a call.
    channel = Channel.CALL if _told(tx, news[-1]) else _channel(board, tx, person)
    notice = notifications.new_notice(tx, person.id, about_of(news[-1]), NEWS, channel, tx.now)
    put_on = presence.put_on_now(tx, person.id, change.gained)
    if reach(board, tx, person, notice, news_text(board, tx, person.id, change, put_on)):
        presence.begin_to_ask(tx, put_on)


def _heard(tx: Transaction, news: Sequence[News]) -> tuple[News, ...]:
    """Return what somebody has heard of already: up to the newest change of which a message left."""
    for number in range(len(news), 0, -1):
        if hearing(_told(tx, news[number - 1]), tx.now, AGAIN_AFTER) == Hearing.HEARD:
            return tuple(news[:number])
    return ()


def _told(tx: Transaction, newest: News) -> tuple[Notice, ...]:
    return told_about(tx, about_of(newest), newest.person_id)


def _channel(board: Switchboard, tx: Transaction, person: Person) -> Channel:
    return channel_for(person, terms_of(tx, [person])[person.id], board.sms_number)


def _can_be_told(board: Switchboard, person: Person) -> bool:
    return person.active and is_dialable(person.phone, board.countries)
