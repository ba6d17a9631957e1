"""However many programs ask at once: is the line still answered, and is a queue that is too long cut off?"""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from starlette.routing import Mount

from hotline.api.desk import Desk
from hotline.api.tokens.token import Role
from hotline.simulator.exchange import ACCOUNT_SID, AUTH_TOKEN
from hotline.simulator.signing import sign
from tests.api.conftest import Api


class Slow:
    """A proof of coverage that takes as long as the test wants."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, *_: object) -> "Slow":
        self.entered.release()
        assert self.go_on.wait(60)
        return self

    def as_json(self) -> dict[str, object]:
        at = "2026-11-22T03:00:00+01:00"
        return {"from": at, "to": at, "covered": True, "gaps": []}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    """Let every proof of coverage wait; at the end nobody waits any more."""
    slow = Slow()
    monkeypatch.setattr("hotline.api.duty.coverage_between", slow)
    yield slow
    slow.go_on.set()


def desk_of(api: Api) -> Desk:
    mounted = next(route for route in api.service.app.routes if isinstance(route, Mount))
    desk = mounted.app.state.desk  # type: ignore[attr-defined]  # the application below /api/v1
    assert isinstance(desk, Desk)
    return desk


def waiting(desk: Desk) -> int:
    return desk._limiter.statistics().tasks_waiting if desk._limiter else 0


def until_waiting(desk: Desk, count: int) -> None:
    tick = threading.Event()
    for _ in range(3000):
        if waiting(desk) == count:
            return
        tick.wait(0.01)
    raise AssertionError(f"{waiting(desk)} wait, not {count}")


def a_call_comes_in(api: Api) -> int:
    url = "https://hotline.example.org/twilio/voice"
    form = {"CallSid": f"CA{0:032}", "AccountSid": ACCOUNT_SID, "From": "+393400000099", "To": "+39078133000"}
    signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, url, form.items())}
    answer = api.client.post("/twilio/voice", data=form, headers=signed)
    assert "<Response>" in answer.text
    return answer.status_code


def test_a_call_is_answered_while_programs_wait_in_a_queue_that_ends(
    api: Api, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.api.desk._MOST_WAITING", 4)
    desk = desk_of(api)
    with ThreadPoolExecutor(8) as crowd:

        def ask() -> Future[int]:
            return crowd.submit(lambda: api.ask("/coverage", Role.READER).status_code)

        inside = [ask(), ask()]
        assert slow.entered.acquire(timeout=30)
        assert slow.entered.acquire(timeout=30)
        queued = []
        for count in range(1, 5):
            queued.append(ask())
            until_waiting(desk, count)
        too_many = api.ask("/coverage", Role.READER)
        assert (too_many.status_code, too_many.headers["Retry-After"]) == (503, "60")
        assert a_call_comes_in(api) == 200
        assert api.client.get("/health/ready").status_code == 200
        assert not slow.entered.acquire(blocking=False), "two at once, and no third"
        slow.go_on.set()
        assert {one.result(60) for one in (*inside, *queued)} == {200}
