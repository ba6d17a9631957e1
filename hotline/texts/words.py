"""Which command is this text? However it is spelt; whatever is not surely one is no command. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Command(StrEnum):
    """What a text asks for; `none` is a text that only a person can understand."""

    HELP = "help"
    STOP = "stop"
    START = "start"
    CANNOT = "cannot"
    TAKE = "take"
    OFFER = "offer"
    GIVE_BACK = "give_back"
    WITHDRAW = "withdraw"
    DUTY = "duty"
    CHECK_OUT = "check_out"
    OK = "ok"
    COMMANDS = "commands"
    NOTE = "note"
    AWAY = "away"
    FORM = "form"
    NONE = "none"


ASKS_OTHERS = frozenset({Command.OFFER, Command.WITHDRAW, Command.GIVE_BACK, Command.NOTE, Command.AWAY})
"""What many phones are texted for, or a colleague must look at; a tier stays as it is without it."""

RESERVED = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"})
"""What Twilio itself obeys, when it is all that the text says: from then on it sends that phone nothing."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HELP = _set(
    "aiuto aiutami aiutatemi aiutateci aiutarmi help helpme sos soccorso emergenza pericolo ambulanza 112"
    " respirare respiro uccidermi ammazzarmi"
)
_STOP = RESERVED | _set("basta cancella cancellami cancellatemi annulla disiscrivimi arret")
_START = _set("start unstop riattiva")
_OK = _set("ok okay okey oki okk si yes confermo confermato ricevuto presente")
_TAKE = _set("prendo copro")
_OFFER = _set("offro")
_GIVE_BACK = _set("lascio")
_WITHDRAW = _set("ritiro")
_DUTY = _set("turno turni")
_NOTE = _set("consegna consegne")
_AWAY = _set("assente assenza")
_CHECK_OUT = _set("fine fineturno finito smonto")
_FORM = _set("scheda schede")
_COMMANDS = _set("comandi comando menu istruzioni")
_COURTESY = _set(
    "grazie mille tante prego ciao salve buongiorno buonasera buonanotte buona notte sera giornata per"
    " favore piacere perfetto va bene certo d accordo a voi te tutti stasera stanotte oggi domani dopo presto"
)
"""Words that say nothing more: whoever adds others has something to tell, and a person must read it."""

_AROUND = {
    Command.STOP: _COURTESY | {"messaggi", "sms", "cosi"},
    Command.START: _COURTESY | {"messaggi", "sms"},
    Command.TAKE: _COURTESY | _OK | _set("lo la io il turno questo volentieri allora"),
    Command.OFFER: _COURTESY | _set("il mio turno questo prossimo allora"),
    Command.GIVE_BACK: _COURTESY | _set("lo il turno questo scusate allora"),
    Command.WITHDRAW: _COURTESY | _set("lo il turno mio offerta l scusate allora"),
    Command.DUTY: _COURTESY | _set("il i mio miei quando ho sono di e prossimo prossimi"),
    Command.CHECK_OUT: _COURTESY | _set("ho il mio turno di"),
    Command.OK: _COURTESY | _set("ci sono io saro"),
    Command.FORM: _COURTESY
    | _OK
    | _set("la le ho mia e fatta fatto fatte scritta scritto scritte compilata compilato completata finita"),
    Command.COMMANDS: _COURTESY,
}
_WORDS = {
    Command.STOP: _STOP,
    Command.START: _START,
    Command.TAKE: _TAKE,
    Command.OFFER: _OFFER,
    Command.GIVE_BACK: _GIVE_BACK,
    Command.WITHDRAW: _WITHDRAW,
    Command.DUTY: _DUTY,
    Command.CHECK_OUT: _CHECK_OUT,
    Command.OK: _OK,
    Command.FORM: _FORM,
    Command.COMMANDS: _COMMANDS,
}
_CANNOT = re.compile(r"\b(?:non|nn) ?(?:posso|poso|riesco)\b")
_BEGINS_NOTE = re.compile(r"^\W*consegn[ae]\b\W*", re.IGNORECASE)
_RUNS = re.compile(r"([^\W\d])\1+")
"""Letters written more than once: a cry is often long, as aiutooo."""

_CRIES = frozenset(_RUNS.sub(r"\1", word) for word in _HELP)

_MOST_WORDS = 12
"""A longer text tells a story."""

_THUMBS_UP = re.compile("[\U0001f44d\U0001f44c✅✔]")
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
"""The dots of o.k. and s.o.s."""

_JOINERS = "\u200d\ufe0f"
_QUOTED = re.compile(r"«.*?»|“.*?”|„.*?[“”]|\".*?\"", re.DOTALL)
"""A phone that reacts to a text of ours sends it back in quotation marks, with every command in it."""


def command_of(text: str) -> Command:
    """Return what a text asks for; a call for help comes before everything but a note for the next shift.

    >>> [str(command_of(text)) for text in ("Ok!", "ok grazie 🙏", "nonposso", "Non posso, stasera", "AIUTO")]
    ['ok', 'ok', 'cannot', 'cannot', 'help']
    >>> [str(command_of(text)) for text in ("ok ma arrivo tardi", "se non posso chi chiamo?", "")]
    ['none', 'none', 'none']
    """
    own = _QUOTED.sub(" ", text)
    words = _plain(own).split()
    if words and words[0] in _NOTE:
        # A note tells of people in need: that its writer is none of them, the first word says.
        return Command.NOTE
    if _cries(words):
        return Command.HELP
    if words and words[0] in _AWAY and "?" not in own:
        return Command.AWAY
    if not words:
        return Command.OK if _THUMBS_UP.search(own) else Command.NONE
    if "rispondi" in words or len(words) > _MOST_WORDS:
        return Command.NONE
    if _CANNOT.search(" ".join(words)):
        return Command.NONE if "?" in own else Command.CANNOT
    found = next((one for one in _WORDS if _says(set(words), one)), Command.NONE)
    # Whoever asks about a form has not said that it is written.
    return Command.NONE if found == Command.FORM and "?" in own else found


def words_of_note(text: str) -> str:
    """Return a note without the command that it begins with.

    >>> words_of_note("Consegna: la signora aspetta l'ambulanza."), words_of_note("CONSEGNA")
    ("la signora aspetta l'ambulanza.", '')
    """
    return _BEGINS_NOTE.sub("", text, count=1).strip()


def is_reserved(text: str) -> bool:
    """Tell whether Twilio takes this text as a wish to get no more of them.

    >>> is_reserved(" Stop "), is_reserved("Basta"), is_reserved("stop it")
    (True, False, False)
    """
    return text.strip().casefold() in RESERVED


def _cries(words: Iterable[str]) -> bool:
    return any(word in _HELP or _RUNS.sub(r"\1", word) in _CRIES for word in words)


def _says(words: set[str], command: Command) -> bool:
    return bool(words & _WORDS[command]) and words <= _WORDS[command] | _AROUND[command]


def _plain(text: str) -> str:
    """Return the words without case, accents, punctuation and pictures."""
    taken_apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(sign for sign in taken_apart if not unicodedata.combining(sign) and sign not in _JOINERS)
    return "".join(sign if sign.isalnum() else " " for sign in _INITIALS.sub("", kept))
