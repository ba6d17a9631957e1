"""What does a document tell the leg to do, and what in it would Twilio not understand?"""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree import ElementTree as ET
from xml.parsers import expat

from hotline.simulator.twiml_rules import (
    ATTRIBUTES,
    HOLDS_TEXT,
    MAY_CONTAIN,
    TOP_LEVEL,
    looks_like_address,
    wrong_number,
    wrong_voice,
)
from hotline.simulator.wire import WebResponse

LARGEST = 64 * 1024
MOST_WORDS = 4000


class FetchFailed(Exception):
    """A document could not be had or read; `code` is Twilio's error code."""

    def __init__(self, code: int, reason: str, url: str = "", defect: bool = False) -> None:
        super().__init__(f"{code} {reason}")
        self.code, self.reason, self.url, self.defect = code, reason, url, defect


@dataclass(frozen=True)
class Verb:
    """One instruction with its attributes, text and nested instructions."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple["Verb", ...] = ()

    def value(self, name: str, default: str = "") -> str:
        """Return an attribute as text."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        """Return an attribute as a whole number; a bad one counts as the default."""
        text = self.attributes.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else default

    def flag(self, name: str, default: bool = False) -> bool:
        """Return an attribute as yes or no."""
        return self.attributes.get(name, str(default).lower()) == "true"


@dataclass(frozen=True)
class Document:
    """The verbs of one document, the address it came from, and what was wrong with it."""

    verbs: tuple[Verb, ...]
    url: str | None
    violations: tuple[str, ...] = ()

    def resolve(self, address: str) -> str:
        """Make an address inside this document absolute."""
        return urljoin(self.url, address) if self.url else address


def read_response(response: WebResponse, url: str, context: str = "call") -> Document:
    """Read a service's answer as a document; raise FetchFailed when Twilio would give up."""
    if len(response.body) > LARGEST:
        raise FetchFailed(11750, "the body is over 64 kB", url, defect=True)
    kind = response.header("content-type").split(";")[0].strip().lower()
    body = response.body
    if kind in ("text/xml", "application/xml", "text/html"):
        return read_twiml(body, url, context)
    if kind == "text/plain":
        if body.startswith((b"<?xml", b"<Response")):
            return read_twiml(body, url, context)
        return Document((Verb("Say", {}, body.decode("utf-8", "replace")),), url)
    if kind.startswith("audio/"):
        return Document((Verb("Play", {}, url),), url)
    raise FetchFailed(12300, f"content type {kind or 'missing'}", url, defect=True)


def read_twiml(body: bytes, url: str | None, context: str = "call") -> Document:
    """Read TwiML; raise FetchFailed 12100 when it is no XML or does not begin at once."""
    if not body.startswith((b"<?xml", b"<Response")):
        raise FetchFailed(12100, "the body does not begin with XML", url or "", defect=True)
    if b"<!" in body.split(b"<Response", 1)[0]:
        raise FetchFailed(12100, "a document type or comment before the response", url or "", defect=True)
    try:
        root = parse_xml(body)
    except expat.ExpatError as error:
        raise FetchFailed(12100, f"not XML: {error}", url or "", defect=True) from error
    if root.tag != "Response":
        raise FetchFailed(12100, f"the root is {root.tag}, not Response", url or "", defect=True)
    reader = _Reader(url)
    reader.attributes_of(root)
    verbs = reader.children_of(root, TOP_LEVEL[context], f"a {context} document")
    reader.order_of(verbs)
    if root.text and root.text.strip():
        reader.violations.append("text directly below <Response>")
    return Document(verbs, url, tuple(reader.violations))


def parse_xml(body: bytes) -> ET.Element:
    """Return the root of an XML text; raise ExpatError. No entity is ever looked up elsewhere."""
    builder, parser = ET.TreeBuilder(), expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(body, True)
    return builder.close()


class _Reader:
    """Walk a document and collect what is wrong with it."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self.violations: list[str] = []

    def children_of(self, parent: ET.Element, allowed: frozenset[str], where: str) -> tuple[Verb, ...]:
        verbs = []
        for child in parent:
            if child.tag in allowed:
                verbs.append(self.verb(child))
            else:
                known = "misplaced" if child.tag in ATTRIBUTES else "unknown"
                self.violations.append(f"{known} verb <{child.tag}> in {where}")
            if child.tail and child.tail.strip():
                self.violations.append(f"text between the verbs of <{parent.tag}>")
        return tuple(verbs)

    def verb(self, element: ET.Element) -> Verb:
        self.attributes_of(element)
        name, text = element.tag, (element.text or "").strip()
        allowed = MAY_CONTAIN.get(name, frozenset())
        children = self.children_of(element, allowed, f"<{name}>")
        if text and name not in HOLDS_TEXT:
            self.violations.append(f"text inside <{name}>")
        verb = Verb(name, dict(element.attrib), text, children)
        check = getattr(self, f"check_{name.lower()}", None)
        if check is not None:
            check(verb)
        return verb

    def attributes_of(self, element: ET.Element) -> None:
        rules = ATTRIBUTES[element.tag]
        for name, value in element.attrib.items():
            rule = rules.get(name)
            if rule is None:
                self.violations.append(f"unknown attribute {name} on <{element.tag}>")
            elif not rule(value):
                self.violations.append(f"bad value {name}={value!r} on <{element.tag}>")
            elif self.url is None and looks_relative(name, value):
                self.violations.append(f"relative address {name}={value!r} in a Twiml parameter")

    def order_of(self, verbs: tuple[Verb, ...]) -> None:
        for place, verb in enumerate(verbs):
            if verb.name == "Reject" and place > 0:
                self.violations.append("<Reject> is not the first verb")

    def check_say(self, verb: Verb) -> None:
        if not verb.text:
            self.violations.append("<Say> without text")
        if len(verb.text.split()) > MOST_WORDS:
            self.violations.append("<Say> is longer than 4000 words")
        wrong = wrong_voice(verb.value("voice"), verb.value("language"))
        if wrong:
            self.violations.append(wrong)

    def check_play(self, verb: Verb) -> None:
        if bool(verb.text) == ("digits" in verb.attributes):
            self.violations.append("<Play> needs either an address or digits")
        if verb.text and not looks_like_address(verb.text):
            self.violations.append(f"<Play> of no address: {verb.text!r}")

    def check_redirect(self, verb: Verb) -> None:
        if not looks_like_address(verb.text):
            self.violations.append("<Redirect> without an address")
        elif self.url is None and looks_relative("action", verb.text):
            self.violations.append("relative <Redirect> in a Twiml parameter")

    def check_number(self, verb: Verb) -> None:
        wrong = wrong_number(verb.text)
        if wrong:
            self.violations.append(f"<Number>: {wrong}")

    def check_conference(self, verb: Verb) -> None:
        if not verb.text:
            self.violations.append("<Conference> without a name")

    def check_dial(self, verb: Verb) -> None:
        kinds = [child.name for child in verb.children]
        if not kinds or len(set(kinds)) > 1 or kinds.count("Conference") > 1 or len(kinds) > 10:
            self.violations.append("<Dial> needs one Conference, or one to ten Numbers")


_ADDRESSES = re.compile(r"action|url|.*Url|statusCallback|partialResultCallback")


def looks_relative(name: str, value: str) -> bool:
    """Tell whether an attribute is an address that lacks its host."""
    return bool(_ADDRESSES.fullmatch(name)) and bool(value) and "://" not in value
