"""Who asks the API, may they, and in whose threads is the answer made?

Every endpoint takes an `asker`: a token that holds, its person, and the ways in which the database is read
and changed for them. Endpoints are plain functions; they run in the few threads of the API alone, so however
many programs ask, the webhooks of a live call have their own.
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Annotated, Any, TypeVar

import anyio
from anyio import CapacityLimiter
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hotline.api.problems import Problem
from hotline.api.tokens import actions, store
from hotline.api.tokens.token import Role, Token
from hotline.audit.actions import note_access
from hotline.calls.rooms import store as rooms
from hotline.calls.switchboard import Switchboard
from hotline.database import Database, Transaction
from hotline.oncall.rota.ground import Ground
from hotline.people.person import Person
from hotline.profile import Profile

_AT_ONCE = 2
"""SQLite has four connections for reading: the other two are left to the webhooks and to the health check."""

_MOST_WAITING = 50
_Answer = TypeVar("_Answer")
_SECRET = HTTPBearer(auto_error=False, scheme_name="token", description="A token of `hotline token new`.")


@dataclass
class Desk:
    """What every answer of the API needs at hand."""

    database: Database
    board: Switchboard
    _limiter: CapacityLimiter | None = field(default=None, init=False)

    async def run(self, work: Callable[[], _Answer]) -> _Answer:
        """Do something slow in the API's own threads; whoever finds a long queue is sent away."""
        self._limiter = self._limiter or CapacityLimiter(_AT_ONCE)
        if self._limiter.statistics().tasks_waiting >= _MOST_WAITING:
            raise Problem(503, "too many requests wait already: ask again in a minute", {"Retry-After": "60"})
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    def recognise(self, secret: str, address: str) -> "Asker":
        """Return who asks; raise a 401 that does not say why, after many from one address a 429."""
        with self.database.reading() as tx:
            known = actions.recognise(tx, secret) if secret else None
            wrong = store.wrong_from(tx, address)
        if known is not None:
            return Asker(self, *known)
        if wrong is not None and wrong.is_enough(tx.now):
            wait = str(wrong.seconds_left(tx.now))
            raise Problem(429, "too many wrong tokens came from this address: wait", {"Retry-After": wait})
        if secret:
            with self.database.transaction() as tx:
                actions.count_wrong(tx, address)
        said = "the token is missing, wrong or no longer valid: send Authorization: Bearer pis_…"
        raise Problem(401, said, {"WWW-Authenticate": "Bearer"})


@dataclass(frozen=True)
class Asker:
    """Somebody with a token that holds."""

    desk: Desk
    token: Token
    person: Person

    @property
    def profile(self) -> Profile:
        """Return what is Iglesias."""
        return self.desk.board.profile

    @property
    def ground(self) -> Ground:
        """Return what a rota rests on beside its rules."""
        return Ground(self.profile, self.desk.board.countries, worked=rooms.worked_between)

    @contextmanager
    def reading(self, what: str) -> Iterator[Transaction]:
        """Write down what is read, and open a view that writes nothing."""
        with self.changing("api read", what):
            pass
        with self.desk.database.reading() as tx:
            yield tx

    @contextmanager
    def changing(self, action: str, what: str) -> Iterator[Transaction]:
        """Open a transaction in which it is written down who asked for what, by which token."""
        with self.desk.database.transaction() as tx:
            store.note_use(tx, self.token)
            note_access(tx, self.person.id, action, f"token {self.token.id}: {what}")
            yield tx


class Apart(APIRoute):
    """Run a plain endpoint in the threads of its asker's desk, and in no other."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint if iscoroutinefunction(endpoint) else _apart(endpoint), **more)


def _apart(endpoint: Callable[..., _Answer]) -> Callable[..., Coroutine[Any, Any, _Answer]]:
    @wraps(endpoint)
    async def asked(asker: Asker, **given: Any) -> _Answer:
        return await asker.desk.run(partial(endpoint, asker, **given))

    return asked


async def _recognised(
    request: Request, secret: Annotated[HTTPAuthorizationCredentials | None, Depends(_SECRET)]
) -> Asker:
    desk: Desk = request.app.state.desk
    address = request.client.host if request.client else ""
    return await desk.run(partial(desk.recognise, secret.credentials if secret else "", address))


def _only(*roles: Role) -> Callable[[Asker], Coroutine[Any, Any, Asker]]:
    async def allowed(asker: Annotated[Asker, Depends(_recognised)]) -> Asker:
        if asker.token.role not in roles:
            raise Problem(403, f"a token of the role {asker.token.role} does not open this")
        return asker

    return allowed


Coordinator = Annotated[Asker, Depends(_only(Role.COORDINATOR))]
CoordinatorOrReader = Annotated[Asker, Depends(_only(Role.COORDINATOR, Role.READER))]
CoordinatorOrSelf = Annotated[Asker, Depends(_only(Role.COORDINATOR, Role.SELF))]
