"""Which verbs, attributes and values does TwiML know? The strict list (twilio-contract §6)."""

import re
from collections.abc import Callable

Rule = Callable[[str], bool]

EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
ROOM_EVENTS = frozenset({"start", "end", "join", "leave", "mute", "hold"}) | frozenset(
    {"modify", "speaker", "announcement"}
)
_TONES = """automatic at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph
pl pt ru se sg th uk us us-old tw ve za"""
RING_TONES = frozenset(_TONES.split())
POLLY = {
    "it-IT": "Bianca Carla Giorgio Adriano Beatrice",
    "en-GB": "Amy Emma Brian Arthur",
    "en-US": "Joanna Matthew Salli Kendra Kimberly Ivy Joey Justin Ruth Stephen",
    "fr-FR": "Lea Celine Mathieu Remi",
    "es-ES": "Lucia Conchita Enrique Sergio",
    "de-DE": "Vicki Marlene Hans Daniel",
    "ro-RO": "Carmen",
    "ar-AE": "Hala Zayd",
    "arb": "Zeina",
}
_POLLY_TAG = {name: tag for tag, names in POLLY.items() for name in names.split()}
_VOICE = re.compile(r"(Polly\.([A-Z][a-z]+)(-Neural|-Generative)?|Google\.([a-z]{2,3}-[A-Z]{2})-[\w-]+)\Z")
_ITALIAN = re.compile(r"\+39(0\d{5,10}|3\d{8,9})\Z")
_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")


def one_of(*words: str) -> Rule:
    """Make a rule that accepts exactly these words."""
    return frozenset(words).__contains__


def whole(lowest: int, highest: int) -> Rule:
    """Make a rule that accepts whole numbers of a range."""
    return lambda text: text.isascii() and text.isdigit() and lowest <= int(text) <= highest


def words_of(allowed: frozenset[str]) -> Rule:
    """Make a rule that accepts one or more allowed words between blanks."""
    return lambda text: bool(text.split()) and set(text.split()) <= allowed


def looks_like_address(text: str) -> bool:
    """Accept an absolute http(s) address or a relative one, without blanks."""
    if not text or any(mark.isspace() for mark in text):
        return False
    scheme, found, _ = text.partition("://")
    return not found or (scheme in ("http", "https") and "_" not in text.split("/")[2])


def wrong_number(text: str) -> str:
    """Return what is wrong with a number to dial, or nothing; Italian ones must be fixed or mobile.

    >>> wrong_number("+39112")
    'not an E.164 number'
    """
    if not _E164.match(text):
        return "not an E.164 number"
    if text.startswith("+39") and not _ITALIAN.match(text):
        return "neither an Italian fixed nor a mobile number"
    return ""


def wrong_voice(voice: str, tag: str) -> str:
    """Return what is implausible about a voice and its language, or nothing.

    >>> wrong_voice("Polly.Bianca", "en-GB")
    'voice Polly.Bianca does not speak en-GB'
    """
    if voice in ("", "man", "woman", "alice"):
        return ""
    found = _VOICE.match(voice)
    if not found:
        return f"no voice is called {voice}"
    speaks = found.group(4) or _POLLY_TAG.get(found.group(2) or "", tag)
    return "" if not tag or speaks == tag else f"voice {voice} does not speak {tag}"


_TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?\Z").match
_KEYS = re.compile(r"[0-9#*]*\Z").match
_FLAG = one_of("true", "false")
_METHOD = one_of("GET", "POST")
_URL: Rule = looks_like_address


def _tag(text: str) -> bool:
    return bool(_TAG(text))


def _keys(text: str) -> bool:
    return bool(_KEYS(text))


def _tones(text: str) -> bool:
    return bool(re.match(r"[0-9#*wW]+\Z", text))


def _any(text: str) -> bool:
    return bool(text)


def _url_or_nothing(text: str) -> bool:
    return text == "" or looks_like_address(text)


_CALLBACK = {"statusCallback": _URL, "statusCallbackMethod": _METHOD}

ATTRIBUTES: dict[str, dict[str, Rule]] = {
    "Response": {},
    "Say": {"voice": _any, "language": _tag, "loop": whole(0, 1000)},
    "Play": {"loop": whole(0, 1000), "digits": _tones},
    "Pause": {"length": whole(1, 600)},
    "Redirect": {"method": _METHOD},
    "Hangup": {},
    "Reject": {"reason": one_of("rejected", "busy")},
    "Gather": {
        "action": _URL,
        "method": _METHOD,
        "input": one_of("dtmf", "speech", "dtmf speech"),
        "timeout": whole(1, 600),
        "numDigits": whole(1, 100),
        "finishOnKey": _keys,
        "actionOnEmptyResult": _FLAG,
        "language": _tag,
        "speechTimeout": lambda text: text == "auto" or whole(1, 600)(text),
        "hints": _any,
        "profanityFilter": _FLAG,
        "partialResultCallback": _URL,
    },
    "Dial": {
        "timeout": whole(5, 600),
        "action": _URL,
        "method": _METHOD,
        "callerId": _any,
        "answerOnBridge": _FLAG,
        "ringTone": RING_TONES.__contains__,
        "hangupOnStar": _FLAG,
        "timeLimit": whole(1, 14400),
        "sequential": _FLAG,
        "record": one_of("do-not-record"),
    },
    "Number": {
        "url": _URL,
        "method": _METHOD,
        "statusCallbackEvent": words_of(EVENTS),
        "sendDigits": _tones,
        **_CALLBACK,
    },
    "Conference": {
        "startConferenceOnEnter": _FLAG,
        "endConferenceOnExit": _FLAG,
        "beep": one_of("true", "false", "onEnter", "onExit"),
        "waitUrl": _url_or_nothing,
        "waitMethod": _METHOD,
        "maxParticipants": whole(2, 250),
        "muted": _FLAG,
        "participantLabel": lambda text: 0 < len(text) <= 128,
        "coach": lambda text: bool(re.match(r"CA[0-9a-f]{32}\Z", text)),
        "statusCallbackEvent": words_of(ROOM_EVENTS),
        **_CALLBACK,
    },
}

_VERBS = frozenset({"Say", "Play", "Pause", "Gather", "Dial", "Redirect", "Hangup", "Reject"})
MAY_CONTAIN: dict[str, frozenset[str]] = {
    "Response": _VERBS,
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Conference"}),
}
"""Verbs inside verbs; everything else holds text only."""

TOP_LEVEL: dict[str, frozenset[str]] = {
    "call": _VERBS,
    "whisper": frozenset({"Say", "Play", "Gather", "Hangup", "Pause", "Redirect"}),
    "wait": frozenset({"Say", "Play", "Pause", "Redirect"}),
}
"""What each kind of document may hold: a call's, a called side's whisper, a room's waiting document."""

HOLDS_TEXT = frozenset({"Say", "Play", "Redirect", "Number", "Conference"})
