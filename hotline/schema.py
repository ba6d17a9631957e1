"""Which tables does the service have, all together?"""

from hotline.api.feeds import tables as feeds
from hotline.api.tokens import tables as tokens
from hotline.audit import tables as audit
from hotline.callers import tables as callers
from hotline.calls import tables as calls
from hotline.calls.forms import tables as forms
from hotline.calls.rings import tables as rings
from hotline.claims import tables as claims
from hotline.database import metadata
from hotline.drills import tables as drills
from hotline.followups import tables as followups
from hotline.handovers import tables as handovers
from hotline.notifications import tables as notifications
from hotline.oncall import tables as oncall
from hotline.oncall.files import tables as files
from hotline.oncall.holes import tables as holes
from hotline.oncall.news import tables as news
from hotline.oncall.overrides import tables as overrides
from hotline.oncall.presence import tables as presence
from hotline.oncall.rota import tables as rota
from hotline.oncall.swaps import tables as swaps
from hotline.people import tables as people
from hotline.telephony import tables as telephony
from hotline.texts import tables as texts

__all__ = [
    "audit",
    "callers",
    "calls",
    "claims",
    "drills",
    "feeds",
    "files",
    "followups",
    "forms",
    "handovers",
    "holes",
    "metadata",
    "news",
    "notifications",
    "oncall",
    "overrides",
    "people",
    "presence",
    "rings",
    "rota",
    "swaps",
    "telephony",
    "texts",
    "tokens",
]
