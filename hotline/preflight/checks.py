"""Is this line ready to take a call? One check a line, with the remedy."""

import re
from collections.abc import Callable, Iterator

import httpx
from sqlalchemy.exc import SQLAlchemyError

from hotline.app import (
    load_keyring,
    load_service_profile,
    load_switchboard,
    open_database,
)
from hotline.calls.fallback import read_valid_until, start_address
from hotline.calls.soundness import problems_of
from hotline.calls.switchboard import Switchboard
from hotline.clock import Clock
from hotline.database import pending_migrations
from hotline.errors import HotlineError
from hotline.phone_number import is_landline, spoken_digits
from hotline.preflight.finding import Finding, Level
from hotline.preflight.whom import last_resort_of_all, whom_can_we_ring
from hotline.settings import TWILIO_API, Settings
from hotline.telephony.line import LineError
from hotline.telephony.twilio.rest_client import TwilioLine


def preflight(
    settings: Settings, clock: Clock, transport: httpx.BaseTransport | None = None
) -> list[Finding]:
    """Run every check; a check that cannot be run counts as failed."""
    try:
        board = load_switchboard(settings, load_service_profile(settings))
    except HotlineError as error:
        return [Finding(Level.FAIL, "profile and wording", str(error))]
    found = [*_settings(settings), *_wording(board), *_numbers(board, clock), *_own_numbers(board)]
    found += _guarded("database", lambda: _database(settings, board, clock))
    found += _guarded("fallback", lambda: _fallback(settings, clock))
    found += _guarded("Twilio", lambda: _twilio(settings, board, transport))
    return found


def _guarded(what: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except (HotlineError, SQLAlchemyError) as error:
        reason = str(error) if isinstance(error, HotlineError) else f"{type(error).__name__}; is it running?"
        return [Finding(Level.FAIL, what, reason)]


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.twilio_account_sid and settings.auth_tokens:
        yield Finding(Level.OK, "Twilio account and token are set")
    else:
        yield Finding(
            Level.FAIL, "no Twilio account or token", "set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
        )
    if not settings.public_url:
        yield Finding(Level.FAIL, "no public address", "set HOTLINE_PUBLIC_URL to where Twilio reaches us")
    elif settings.public_url.startswith("https://") or settings.twilio_api_url != TWILIO_API:
        yield Finding(Level.OK, f"public address {settings.public_url}")
    else:
        yield Finding(
            Level.WARN, "the public address is not https", "numbers and keys would cross the net in clear"
        )
    optional = {
        "HOTLINE_SMS_NUMBER": (settings.sms_number, "no texts are sent, alarms go by call only"),
        "HOTLINE_FALLBACK_URL": (settings.fallback_url, "a dead site leaves callers without a human"),
        "HOTLINE_HEARTBEAT_URL": (settings.heartbeat_url, "nobody notices when this machine dies"),
        "HOTLINE_ALARM_EMAIL": (settings.alarm_email, "nobody is written to when the line breaks"),
    }
    for name, (value, consequence) in optional.items():
        if not value:
            yield Finding(Level.WARN, f"{name} is not set", consequence)
    if not settings.gap_alarms:
        yield Finding(
            Level.WARN,
            "HOTLINE_GAP_ALARMS is off",
            "nobody is alarmed about gaps; set it once the rota is made",
        )


def _wording(board: Switchboard) -> Iterator[Finding]:
    problems = problems_of(board)
    for problem in problems:
        yield Finding(Level.FAIL, "call flow and wording", problem)
    if not problems:
        yield Finding(Level.OK, "call flow: a human is reachable from everywhere, every prompt is there")
    for code in board.callers_wording.unreviewed([language.code for language in board.profile.languages]):
        yield Finding(Level.WARN, f"wording in {code} is unreviewed", "let a native speaker read it aloud")


def _numbers(board: Switchboard, clock: Clock) -> Iterator[Finding]:
    today = clock.now().astimezone(board.profile.service.timezone).date()
    ahead = [one.number for one in board.profile.numbers if one.verified_on and one.verified_on > today]
    if ahead:
        yield Finding(Level.FAIL, "verified_on lies ahead of today", f"correct it: {', '.join(ahead)}")
    stale = [useful.number for useful in board.profile.numbers if not useful.is_verified(today)]
    if stale:
        remedy = f"call them and set verified_on in the profile: {', '.join(stale)}"
        yield Finding(Level.WARN, f"{len(stale)} useful numbers were not verified within six months", remedy)


def _own_numbers(board: Switchboard) -> Iterator[Finding]:
    """Is the number that callers are told the one that rings us, and can the one for texts have any?"""
    dialled = "".join(spoken_digits(board.line_number))
    codes = [language.code for language in board.profile.languages]
    wrong = [code for code in codes if _digits_said(board, code) not in ("", dialled)]
    if wrong:
        remedy = "callers keep the wrong one; correct spoken_number in the profile, or the number"
        yield Finding(Level.WARN, f"the number is not spoken as it is dialled in {', '.join(wrong)}", remedy)
    if board.sms_number and is_landline(board.sms_number):
        remedy = "it can neither send nor get texts; give a mobile-capable one, or leave it empty"
        yield Finding(Level.WARN, "HOTLINE_SMS_NUMBER is a landline", remedy)


def _digits_said(board: Switchboard, code: str) -> str:
    """Return the digits that a spoken number names; empty where it is said in other words than digits."""
    words = {board.callers_wording.digit(code, digit).casefold(): digit for digit in "0123456789"}
    said = board.profile.service.spoken_number[code].casefold()
    heard = [words.get(word, word) for word in re.findall(r"\w+", said)]
    return "".join(heard) if all(word.isdecimal() for word in heard) else ""


def _database(settings: Settings, board: Switchboard, clock: Clock) -> Iterator[Finding]:
    database = open_database(settings, clock)
    try:
        missing = pending_migrations(database)
        if missing:
            yield Finding(Level.FAIL, "the database schema is not the newest", "run: hotline migrate")
            return
        yield Finding(Level.OK, "database reached, schema is the newest")
        yield from whom_can_we_ring(database, board)
        yield from last_resort_of_all(settings, board, database)
    finally:
        database.dispose()


def _fallback(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Fetch the static documents from where Twilio would, and read until when they hold."""
    if not settings.fallback_url:
        return
    address = start_address(settings.fallback_url, load_keyring(settings))
    try:
        answer = httpx.get(address, timeout=10, follow_redirects=True)
    except httpx.HTTPError as error:
        yield Finding(
            Level.FAIL,
            "the fallback documents cannot be fetched",
            f"{type(error).__name__}; docs/fallback.md",
        )
        return
    until = read_valid_until(answer.text) if answer.status_code == httpx.codes.OK else None
    if until is None:
        yield Finding(
            Level.FAIL,
            f"the fallback documents are not at their address ({answer.status_code})",
            "run hotline fallback and put the folder there; docs/fallback.md",
        )
    elif until <= clock.now():
        yield Finding(
            Level.FAIL,
            f"the fallback documents expired at {until:%Y-%m-%d %H:%M} UTC",
            "they ring people who are off duty: is the folder still copied to its host?",
        )
    else:
        yield Finding(Level.OK, f"fallback documents hold until {until:%Y-%m-%d %H:%M} UTC")


def _twilio(
    settings: Settings, board: Switchboard, transport: httpx.BaseTransport | None
) -> Iterator[Finding]:
    if not settings.auth_tokens or not settings.public_url:
        return
    line = TwilioLine(
        settings.twilio_account_sid,
        settings.auth_tokens[0],
        settings.twilio_api_url,
        board.line_number,
        board.sms_number,
        board.countries,
        transport,
        refuses=lambda _number: True,  # this look at the settings contacts nobody
    )
    try:
        found = line.number_settings()
        texts = line.number_settings(board.sms_number) if board.sms_number else None
    except LineError as error:
        yield Finding(Level.FAIL, "Twilio's REST API", f"{error}; phones cannot be rung")
        return
    finally:
        line.close()
    if not found:
        yield Finding(
            Level.FAIL, "the line's number is not in this Twilio account", "check HOTLINE_PHONE_NUMBER"
        )
        return
    expected = {
        "voice_url": f"{settings.public_url}/twilio/voice",
        "status_callback": f"{settings.public_url}/twilio/voice/status",
    }
    for name, url in expected.items():
        if found[0][name].partition("#")[0] == url:
            yield Finding(Level.OK, f"the number's {name} is ours")
        else:
            yield Finding(
                Level.FAIL, f"the number's {name} is not ours", f"set it to {url} in Twilio's console"
            )
    if texts is not None:
        yield _texts_come_in(settings.public_url, texts)
    wanted = start_address(settings.fallback_url, load_keyring(settings)) if settings.fallback_url else ""
    if wanted and found[0]["voice_fallback_url"] not in ("", wanted):
        yield Finding(Level.FAIL, "the number's fallback address is not ours", f"set it to {wanted}, by GET")
    if not found[0]["voice_fallback_url"]:
        yield Finding(
            Level.WARN, "the number has no fallback address", "set it to the static fallback documents"
        )


def _texts_come_in(public_url: str, found: list[dict[str, str]]) -> Finding:
    url = f"{public_url}/twilio/sms"
    if found and found[0]["sms_url"].partition("#")[0] == url:
        return Finding(Level.OK, "texts to HOTLINE_SMS_NUMBER come to us")
    remedy = f"set its messaging address to {url}: a text may be a call for help"
    return Finding(Level.FAIL, "texts to HOTLINE_SMS_NUMBER do not come to us", remedy)
