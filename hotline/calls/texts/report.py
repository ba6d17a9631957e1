"""What was texted to us, at a terminal and for a script? Numbers are masked, names are staff's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from hotline.database import Transaction
from hotline.followups import store as owed
from hotline.followups.followup import FollowUp
from hotline.people import store as people
from hotline.phone_number import mask
from hotline.texts.text import IncomingText


@dataclass(frozen=True)
class TextReport:
    """One text, and what became of what was owed for it."""

    text: IncomingText
    follow_up: FollowUp | None
    names: Mapping[str, str]
    zone: tzinfo

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `hotline texts --json` prints, one of a list."""
        text, known = self.text, self.follow_up
        owner = self.names.get(known.owner_id or "") if known is not None else None
        return {
            "at": text.came_in_at.astimezone(self.zone).isoformat(timespec="seconds"),
            "sender": self._sender(),
            "text": text.body,
            "pictures": text.pictures,
            "follow_up": None if known is None else {"state": known.state, "owner": owner},
        }

    def line(self) -> str:
        """Return the text on one line, its words with every sign that could disturb a terminal taken out."""
        known = self.follow_up
        state = "" if known is None else known.state
        if known is not None and known.owner_id is not None:
            state = f"{state}, {self.names.get(known.owner_id, 'somebody')}"
        words = "".join(sign if sign.isprintable() else " " for sign in self.text.body or "")
        pictures = f" (+{self.text.pictures} pictures)" if self.text.pictures else ""
        at = f"{self.text.came_in_at.astimezone(self.zone):%Y-%m-%d %H:%M}"
        return f"{at}  {self._sender()}  [{state}]  «{words}»{pictures}"

    def _sender(self) -> str:
        if self.text.person_id is not None:
            return self.names.get(self.text.person_id, "somebody of the staff")
        if self.text.sender is not None:
            return mask(self.text.sender)
        return "forgotten" if self.text.body is None and not self.text.pictures else "withheld"


def reports_of(tx: Transaction, found: Iterable[IncomingText], zone: tzinfo) -> list[TextReport]:
    """Read what is known of these texts."""
    texts = tuple(found)
    known = {text.thread_id: owed.of_call(tx, text.thread_id) for text in texts}
    owners = {one.owner_id for one in known.values() if one is not None and one.owner_id is not None}
    writers = {text.person_id for text in texts if text.person_id is not None}
    names = {person.id: person.name for person in people.people_by_ids(tx, owners | writers)}
    return [TextReport(text, known[text.thread_id], names, zone) for text in texts]
