"""What does the text of a rota file say, where these people serve and these days are holidays?"""

from datetime import date
from pathlib import Path

from hotline.database import Transaction
from hotline.oncall.festive import festive_days
from hotline.oncall.rota.rota import Rota
from hotline.oncall.rota.rota_file import parse_rota
from hotline.people.store import everybody
from hotline.profile import Profile


def rota_from(tx: Transaction, profile: Profile, text: str, named: Path) -> Rota:
    """Read a rota, for terminal and API alike; raise `BadInput` naming every fault in what is `named` so."""
    service = profile.service

    def holidays(first: date, last: date) -> dict[date, str]:
        return festive_days(profile.patron_days, first, last, service.country)

    return parse_rota(text, named, everybody(tx), service.timezone, holidays, service.country)
