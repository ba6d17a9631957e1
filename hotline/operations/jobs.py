"""Who hears that the line is broken? A letter about each trouble, and a heartbeat that falls silent."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import httpx
from sqlalchemy.exc import SQLAlchemyError

from hotline.calls.journal import Journal
from hotline.calls.switchboard import Switchboard
from hotline.database import Database
from hotline.oncall.actions import gaps_between
from hotline.oncall.proof.coverage import Lacking
from hotline.operations import store
from hotline.operations.alarms import Letter, Trouble, is_due, letter_about
from hotline.operations.mail import NotSent
from hotline.telephony import rest_health

log = logging.getLogger(__name__)

_AHEAD = timedelta(hours=24)
_PATIENCE = 3.0
_Answer = TypeVar("_Answer")
_LATELY = timedelta(minutes=5)


@dataclass
class Watch:
    """Look at the line each half minute; write about what is wrong, and beat while nothing is.

    `send` hands over one letter, None where nobody is to be written to; `ticks` names jobs that are stuck.
    """

    board: Switchboard
    database: Database
    journal: Journal
    ticks: Callable[[], Sequence[str]]
    send: Callable[[Letter], None] | None
    heartbeat_url: str
    _written: dict[Trouble, datetime] = field(default_factory=dict)
    _refused: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note_refused(self) -> None:
        """Take in that a webhook with a signature was refused: a wrong setting rejects every call."""
        self._refused = True

    def look(self) -> None:
        """Write about every trouble that is due to be written about."""
        with self._lock:
            for trouble in self.troubles():
                self._write(trouble)

    def troubles(self) -> tuple[Trouble, ...]:
        """Return what is wrong now."""
        found = [Trouble.REFUSED] if self._refused else []
        self._refused = False
        if self.journal.waits:
            found.append(Trouble.FALLBACK)
        inside = _soon(self._in_the_database)
        if inside is None:
            # Jobs that need it are stuck as well, of course.
            return (*found, Trouble.DATABASE)
        if any(self.ticks()):
            found.append(Trouble.TICKS)
        return tuple(dict.fromkeys((*found, *inside)))

    def _in_the_database(self) -> list[Trouble]:
        with self.database.reading() as tx:
            wrong = {
                Trouble.REST: rest_health.is_down(tx),
                Trouble.FALLBACK: store.served_elsewhere_since(tx, tx.now - _LATELY),
                Trouble.OWED: store.waits_for_anybody(tx, tx.now - _LATELY),
            }
            coming = gaps_between(tx, self.board.profile, tx.now, tx.now + _AHEAD, self.board.countries)
        # Whoever has nobody named behind them is on the coordinators' list, not a broken line.
        wrong[Trouble.GAP] = any(gap.is_open and gap.lack.lacking != Lacking.BACKUP for gap in coming)
        return [trouble for trouble, holds in wrong.items() if holds]

    def _write(self, trouble: Trouble) -> None:
        now = self.database.clock.now()
        if self.send is None or not is_due(trouble, self._written.get(trouble), now):
            return
        self._written[trouble] = now
        if not self._is_mine(trouble):
            return
        service = self.board.profile.service.short_name
        name = service.get(self.board.profile.service.staff_language) or next(iter(service.values()))
        try:
            self.send(letter_about(trouble, name, now))
        except NotSent as error:
            del self._written[trouble]
            _soon(partial(self._give_back, trouble))
            log.warning(str(error))

    def _is_mine(self, trouble: Trouble) -> bool:
        """Tell whether no other replica has just written about it; without the database each one writes."""

        def claim() -> bool:
            with self.database.transaction() as tx:
                return store.claim_letter(tx, trouble, tx.now - _LATELY)

        return _soon(claim) is not False

    def _give_back(self, trouble: Trouble) -> None:
        with self.database.transaction() as tx:
            store.give_letter_back(tx, trouble)

    def beat(self) -> None:
        """Tell a watcher elsewhere that the line is healthy; when it is not, silence is the alarm."""
        if not self.heartbeat_url or not self.is_healthy():
            return
        try:
            httpx.get(self.heartbeat_url, timeout=5)
        except httpx.HTTPError as error:
            log.warning("the heartbeat could not be sent", extra={"error": type(error).__name__})

    def is_healthy(self) -> bool:
        """Tell whether a call would now be taken as it should be: database, ticks and REST."""
        if any(self.ticks()):
            return False
        return _soon(self._rings) is True

    def _rings(self) -> bool:
        with self.database.reading() as tx:
            store.schema_answers(tx)
            return not rest_health.is_down(tx)


def _soon(ask: Callable[[], _Answer]) -> _Answer | None:
    """Return what the database answers, None when it does not within a few seconds: it may be frozen."""
    answers: list[_Answer] = []

    def work() -> None:
        with suppress(SQLAlchemyError):
            answers.append(ask())

    asking = threading.Thread(target=work, name="watch asks the database", daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    return answers[0] if answers else None
