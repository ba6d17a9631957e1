"""What does a caller hear when our whole site is down? Static documents that wait on another host."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline.calls.heard import callers_words, staff_words
from hotline.calls.switchboard import Switchboard
from hotline.ivr.nodes import Say
from hotline.phone_number import is_dialable
from hotline.secrets import Keyring
from hotline.telephony.instructions import GoTo, HangUp, Heard, Instruction, Listen, RingOne, Speech
from hotline.telephony.twilio.twiml import render

START = "start.xml"
VALID_FOR = timedelta(hours=3)
_AFTER_HAND_OVER = timedelta(minutes=15)
_ROUNDS, _MOST_PEOPLE, _RING_SECONDS = 2, 8, 18
_VALID_UNTIL = re.compile(r"<!-- valid until (\S+) -->")


@dataclass(frozen=True)
class Fallback:
    """The documents by file name, and until when the people in them are the right ones."""

    documents: Mapping[str, str]
    valid_until: datetime


def secret_folder(keyring: Keyring) -> str:
    """Return the folder's name that nobody can guess: the documents hold telephone numbers of staff."""
    return keyring.fingerprint("the folder of the fallback documents")[:32]


def start_address(fallback_url: str, keyring: Keyring) -> str:
    """Return what is set in Twilio as the number's fallback address, with method GET."""
    return f"{fallback_url}/{secret_folder(keyring)}/{START}"


def valid_until(now: datetime, hand_over: datetime | None) -> datetime:
    """Return until when documents written at `now` hold, the next hand-over being at `hand_over`."""
    latest = now + VALID_FOR
    return latest if hand_over is None else min(latest, hand_over + _AFTER_HAND_OVER)


def read_valid_until(document: str) -> datetime | None:
    """Return the moment written in a document, None when there is none.

    >>> read_valid_until("<Response/><!-- valid until 2026-11-22T03:00:00+00:00 -->").isoformat()
    '2026-11-22T03:00:00+00:00'
    """
    found = _VALID_UNTIL.search(document)
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def write_documents(fallback: Fallback, folder: Path) -> None:
    """Write every document whole, the first one last; one that is no longer needed is erased."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(fallback.documents, key=lambda name: name == START):
        draft = folder / f"{name}.new"
        draft.write_text(fallback.documents[name], encoding="utf-8")
        draft.chmod(0o644)  # a web server must be able to read it
        draft.replace(folder / name)
    for old in folder.glob("*.xml"):
        if old.name not in fallback.documents:
            old.unlink()


def fallback_documents(
    board: Switchboard, numbers: Sequence[str], base: str, now: datetime, until: datetime
) -> Fallback:
    """Return the documents that ring these numbers in order, twice; all are asked by GET below `base`."""
    people = [number for number in dict.fromkeys(numbers) if is_dialable(number, board.countries)]
    rings = people[:_MOST_PEOPLE] * _ROUNDS

    def url(name: str) -> str:
        return f"{base}/{name}"

    def call(place: int) -> str:
        return url(f"call-{place}.xml" if place <= len(rings) else "last.xml")

    told = _callers(board, "greeting.danger", "fallback.connecting")
    pages: dict[str, list[Instruction]] = {START: [*told, GoTo(call(1))]}
    for place, number in enumerate(rings, start=1):
        again = _callers(board, "fallback.already_talked") if place > 1 else ()
        dial = RingOne(number, board.line_number, url("whisper.xml"), _RING_SECONDS, call(place + 1))
        pages[f"call-{place}.xml"] = [*again, dial]
    pages["last.xml"] = [*_callers(board, "fallback.already_talked", "fallback.last"), HangUp()]
    asked = _staff(board, "whisper.fallback", now)
    pages["whisper.xml"] = [
        Listen(asked, 6, url("connect.xml")),
        HangUp(),
    ]
    pages["connect.xml"] = [*_staff(board, "whisper.accepted", now)]
    stamp = f"<!-- valid until {until.astimezone(UTC).isoformat(timespec='seconds')} -->"
    documents = {
        name: render(page, base, method="GET", when_silent="next") + stamp for name, page in pages.items()
    }
    return Fallback(documents, until)


def _callers(board: Switchboard, *prompts: str) -> tuple[Heard, ...]:
    says = [Say(prompt) for prompt in prompts]
    return _spoken(callers_words(board, board.profile.default_language, says, {}))


def _staff(board: Switchboard, prompt: str, now: datetime) -> tuple[Heard, ...]:
    return _spoken(staff_words(board, None, [Say(prompt)], "", now, {}))


def _spoken(heard: Sequence[Heard]) -> tuple[Heard, ...]:
    # Recordings are fetched from our site, which is down when these documents are heard.
    return tuple(item for item in heard if isinstance(item, Speech))
