"""How does the text of a rota file become a draft? For terminal and API alike."""

from datetime import date
from pathlib import Path

from hotline.database import Transaction
from hotline.oncall.festive import festive_days
from hotline.oncall.rota.actions import draft
from hotline.oncall.rota.rota_file import parse_rota
from hotline.people.store import everybody
from hotline.profile import Profile


def draft_file(tx: Transaction, profile: Profile, text: str, named: Path, by: str) -> tuple[int, bool]:
    """Store what a rota file says as a draft; return its number, and whether it is new; raise `BadInput`."""
    service = profile.service

    def holidays(first: date, last: date) -> dict[date, str]:
        return festive_days(profile.patron_days, first, last, service.country)

    rota = parse_rota(text, named, everybody(tx), service.timezone, holidays, service.country)
    return draft(tx, rota, by)
