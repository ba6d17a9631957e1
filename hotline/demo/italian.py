"""How does the demo page say in Italian what the service keeps in codes?"""

import re

ROLES = {"volunteer": "volontari", "social_worker": "assistente sociale", "coordinator": "coordinamento"}

_EVENTS = {
    "came_in": "Arriva la chiamata",
    "ringing_began": "Si cercano le persone di turno",
    "ring": "Si chiama {name}",
    "picked_up": "Risponde il telefono di {name}",
    "accepted": "{name} preme 1: accetta",
    "joined_too": "{name} si aggiunge",
    "passed_on": "{name} preme 2: passa ad altri",
    "joined": "Chi chiama viene messo in linea",
    "met": "Ora si parlano",
    "room_ended": "La conversazione è finita",
    "ringing_resumed": "Si ricomincia a chiamare",
    "key": "Chi chiama preme {detail}",
    "category": "Motivo: {detail}",
    "language": "Lingua: {detail}",
    "everybody_tried": "Chiamati tutti, ancora nessuna risposta",
    "told_honestly": "Lo si dice a chi chiama, e si continua",
    "coordinators_told": "Il coordinamento viene avvisato",
    "ring_failed": "{name}: la chiamata non parte",
    "responder_gone": "Chi rispondeva non è più in linea",
    "caller_left": "Chi chiama ha riagganciato",
    "found_gone": "Chi chiama non è più in linea",
    "ceiling": "Troppa attesa: si saluta, e qualcuno lo saprà",
}
_RESULTS = {
    "accepted": "{name} ha finito",
    "declined": "{name} ha rifiutato",
    "no_key": "{name}: nessun tasto (forse una segreteria)",
    "busy": "{name}: rifiutata o occupato",
    "no_answer": "{name} non risponde",
    "failed": "{name} non è raggiungibile",
    "canceled": "{name}: non serve più",
}
_FLAGS = {
    "cannot_speak": "Chi chiama non può parlare",
    "danger_now": "È in pericolo adesso",
    "somebody_near": "C'è qualcuno vicino",
    "keyed_112": "Ha premuto 1 1 2",
    "full_plan": "Si chiama tutta la squadra",
    "call_back_agreed": "Vuole essere richiamato",
}
_CONTACT = {"yes": "Accetta di essere richiamato", "no": "Non vuole essere richiamato"}
_UNTOLD = {("contact", "not_asked"), ("caller_may_be_moving", ""), ("pass_lost", "")}
"""Bookkeeping that says nothing to somebody who watches a call."""

_OUTCOMES = {
    "answered": "Esito: ha parlato con una persona",
    "promised": "Esito: promessa di richiamare",
    "unreached": "Esito: nessuno ha risposto, qualcuno lo saprà",
    "abandoned": "Esito: ha riagganciato prima",
}
_FOLLOW_UPS = {
    "call_back": "Resta da fare: richiamare",
    "review": "Resta da fare: una persona rilegge la chiamata",
}
_BY_DETAIL = {
    "leg_ended": _RESULTS,
    "flag": _FLAGS,
    "outcome": _OUTCOMES,
    "follow_up": _FOLLOW_UPS,
    "contact": _CONTACT,
}

_REASONS = {
    "no longer active": "non più attiva",
    "the caller's own number": "è il telefono di chi chiama",
    "number not in the allowed countries": "numero fuori dai paesi ammessi",
    "in another call": "in un'altra chiamata",
    "shift ended more than 10 minutes ago, and others are left": "turno finito",
    "last resort only, and a coordinator is on shift": "solo ultima risorsa",
    "not on shift now": "non è di turno",
}
_SILENT = re.compile(r"this category rings no .* at night")

_LEG_STATES = {"intended": "squilla", "ringing": "squilla", "whisper": "ascolta", "room": "al telefono"}
_LEG_RESULTS = {
    "accepted": "ha risposto",
    "declined": "ha rifiutato",
    "no_key": "nessun tasto",
    "busy": "rifiutata",
    "no_answer": "non risponde",
    "failed": "irraggiungibile",
    "canceled": "non serve più",
}


def event_sentence(event: str, detail: str, name: str = "") -> str:
    """Return one line of the timeline; empty for bookkeeping, the code itself if it has no words.

    >>> event_sentence("ring", "volunteer", "Anna"), event_sentence("leg_ended", "no_answer", "Anna")
    ('Si chiama Anna', 'Anna non risponde')
    >>> event_sentence("something_new", "")
    'something new'
    """
    if (event, detail) in _UNTOLD:
        return ""
    pattern = _BY_DETAIL.get(event, {}).get(detail) or _EVENTS.get(event)
    if event == "came_in" and detail == "withheld":
        pattern = "Arriva la chiamata, numero nascosto"
    if pattern is None:
        return " ".join(part for part in (event, detail) if part).replace("_", " ")
    return pattern.format(name=name or "qualcuno", detail=detail)


def reason(english: str) -> str:
    """Return why somebody is left out; a reason without words of its own stays English."""
    if _SILENT.fullmatch(english):
        return "per questo motivo, di notte si lascia dormire"
    if english.startswith("already in an earlier tier"):
        return "già chiamata prima"
    return _REASONS.get(english, english)


def leg_words(state: str, result: str | None) -> str:
    """Return what a person's phone does in the present call, in a word or two."""
    return _LEG_RESULTS.get(result or "", "non risponde") if result else _LEG_STATES.get(state, "")
