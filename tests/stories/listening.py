"""How soon, how often and how long: what can be waited for, and measured, in a played call?"""

from datetime import datetime

from hotline.demo.rig import Rig
from hotline.simulator.drivers import VirtualDriver
from hotline.simulator.phones import Phone, Town
from hotline.simulator.wire import WebRequest, WebResponse


def wait_for_first_ring(caller: Phone, *phones: Phone) -> None:
    """Dial, press nothing, and wait until these phones ring."""
    caller.dials()
    for phone in phones:
        phone.rings()


def first_word(phone: Phone) -> datetime:
    """Return the moment of the first word of this phone's present, or last, call."""
    return phone.handset.utterances[phone.handset.call_begins_at].started_at


def first_rings(town: Town, since: datetime) -> dict[str, float]:
    """Return how many seconds after `since` each phone first rang, in the order in which they did."""
    found: dict[str, float] = {}
    for entry in town.exchange.transcript.entries:
        if entry.kind == "ring" and entry.moment >= since:
            found.setdefault(entry.who, (entry.moment - since).total_seconds())
    return found


def all_rings(phone: Phone, since: datetime) -> list[float]:
    """Return how many seconds after `since` this phone rang, each time."""
    return [(moment - since).total_seconds() for moment in phone.handset.rang_at]


def longest_silence(phone: Phone) -> float:
    """Return the longest stretch without a word or a tone in this phone's present, or last, call.

    Only for a caller who waits: while people talk with each other nothing is played.
    """
    heard = phone.handset.utterances[phone.handset.call_begins_at :]
    ends = [each.ended_at or phone.exchange.now() for each in heard]
    starts = [each.started_at for each in heard[1:]] + [phone.exchange.now()]
    return max((later - end).total_seconds() for end, later in zip(ends, starts, strict=True))


def when_heard(phone: Phone, text: str) -> list[datetime]:
    """Return when each sentence containing `text` began, in this phone's present, or last, call."""
    heard = phone.handset.utterances[phone.handset.call_begins_at :]
    return [each.started_at for each in heard if text.casefold() in each.text.casefold()]


def record_documents(rig: Rig) -> list[str]:
    """Keep every document that the service answers from now on, as it leaves it."""
    driver = rig.exchange.driver
    assert isinstance(driver, VirtualDriver)
    kept: list[str] = []
    deliver = driver._deliver

    def delivered(request: WebRequest) -> WebResponse:
        response = deliver(request)
        kept.append(response.body.decode("utf-8", "replace"))
        return response

    driver._deliver = delivered
    return kept
