"""Which tables does the service have, all together?"""

from hotline.audit import tables as audit
from hotline.callers import tables as callers
from hotline.calls import tables as calls
from hotline.calls.rings import tables as rings
from hotline.claims import tables as claims
from hotline.database import metadata
from hotline.drills import tables as drills
from hotline.followups import tables as followups
from hotline.notifications import tables as notifications
from hotline.oncall import tables as oncall
from hotline.oncall.files import tables as files
from hotline.oncall.holes import tables as holes
from hotline.oncall.news import tables as news
from hotline.oncall.rota import tables as rota
from hotline.people import tables as people
from hotline.telephony import tables as telephony
from hotline.texts import tables as texts

__all__ = [
    "audit",
    "callers",
    "calls",
    "claims",
    "drills",
    "files",
    "followups",
    "holes",
    "metadata",
    "news",
    "notifications",
    "oncall",
    "people",
    "rings",
    "rota",
    "telephony",
    "texts",
]
