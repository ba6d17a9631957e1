"""What can be done about tokens: make one, close one, tell whose it is, count wrong ones."""

from datetime import timedelta
from secrets import token_hex

from hotline.api.tokens import store
from hotline.api.tokens.token import PREFIX, Role, Token, Wrong, new_secret
from hotline.audit.actions import note_change
from hotline.database import Transaction
from hotline.errors import BadInput
from hotline.people.actions import person_with
from hotline.people.person import Person
from hotline.people.store import people_by_ids

USUAL_DAYS = 365
_COORDINATOR = "coordinator"
_LONGEST_NAME = 80


def make_token(
    tx: Transaction,
    phone: str,
    role: Role,
    by: str,
    name: str = "",
    days: int = USUAL_DAYS,
    country: str = "IT",
) -> tuple[Token, str]:
    """Make a token for the person with this phone; return it and its secret, which is not kept.

    Raise `BadInput` when nobody active has the phone, or when the role needs a coordinator: a reader's token
    is handed to others, and a coordinator answers for it.
    """
    person = person_with(tx, phone, country)
    if not person.active:
        raise BadInput("--for: this person is no longer active; give the phone of somebody who is")
    if role != Role.SELF and person.role != _COORDINATOR:
        raise BadInput(f"--for: a token of the role {role} is for a coordinator, or self for anybody")
    if len(name) > _LONGEST_NAME:
        raise BadInput(f"--name: at most {_LONGEST_NAME} letters")
    expires_at = tx.now + timedelta(days=days)
    token = Token(token_hex(4), person.id, role, name.strip(), tx.now, by, expires_at)
    secret = new_secret(PREFIX)
    store.add_token(tx, token, secret)
    note_change(
        tx, by, f"token {token.id}", None, f"{role} until {expires_at.isoformat()}", token.name or None
    )
    return token, secret


def revoke_token(tx: Transaction, token_id: str, by: str) -> None:
    """Close a token at once; raise `BadInput` when there is none, or it is closed."""
    token = store.token_by_id(tx, token_id)
    if token is None or not store.revoke(tx, token_id):
        state = "there is no such token" if token is None else "it is revoked already"
        raise BadInput(f"{token_id}: {state}; hotline token list shows them")
    note_change(tx, by, f"token {token_id}", f"{token.role}", None, "revoked")


def recognise(tx: Transaction, secret: str) -> tuple[Token, Person] | None:
    """Return a valid token and its person, None for anything else: nothing tells why.

    It is found by a keyed hash, so what comes back, and when, says nothing about how near a guess was.
    Whoever has left, or coordinates no longer, has no valid token.
    """
    token = store.token_by_secret(tx, secret)
    person = next(iter(people_by_ids(tx, {token.person_id if token else ""})), None)
    if token is None or person is None or not token.is_valid(tx.now) or not person.active:
        return None
    return (token, person) if token.role == Role.SELF or person.role == _COORDINATOR else None


def count_wrong(tx: Transaction, address: str) -> None:
    """Count a wrong token from an address."""
    known = store.wrong_from(tx, address) or Wrong(0, tx.now)
    store.keep_wrong(tx, address, known.after_one_more(tx.now))
