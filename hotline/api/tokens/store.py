"""Every question and change put to the tables of tokens and of wrong ones."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.api.tokens.tables import api_tokens, wrong_tokens
from hotline.api.tokens.token import Role, Token, Wrong
from hotline.database import Transaction

_SHOWN = [column for column in api_tokens.c if column.name != "hash"]
_A_MINUTE = timedelta(minutes=1)
_A_DAY = timedelta(days=1)


def add_token(tx: Transaction, token: Token, secret: str) -> None:
    """Store a token under the keyed hash of its secret."""
    row = {column.name: getattr(token, column.name) for column in _SHOWN}
    tx.execute(insert(api_tokens), {**row, "role": token.role.value, "hash": tx.keyring.fingerprint(secret)})


def token_by_secret(tx: Transaction, secret: str) -> Token | None:
    """Return the token with this secret, also one that is no longer valid."""
    hashes = tx.keyring.fingerprints(secret)
    return _first(tx.execute(select(*_SHOWN).where(api_tokens.c.hash.in_(hashes))))


def token_by_id(tx: Transaction, token_id: str) -> Token | None:
    """Return a token."""
    return _first(tx.execute(select(*_SHOWN).where(api_tokens.c.id == token_id)))


def every_token(tx: Transaction) -> tuple[Token, ...]:
    """Return all tokens, the newest first."""
    found = tx.execute(select(*_SHOWN).order_by(api_tokens.c.made_at.desc(), api_tokens.c.id))
    return tuple(map(_token, found))


def note_use(tx: Transaction, token: Token) -> None:
    """Store that a token was used, once a minute: more often tells nothing more."""
    long_ago = or_(api_tokens.c.last_used_at.is_(None), api_tokens.c.last_used_at < tx.now - _A_MINUTE)
    tx.execute(update(api_tokens).where(api_tokens.c.id == token.id, long_ago).values(last_used_at=tx.now))


def revoke(tx: Transaction, token_id: str) -> bool:
    """Close a token; False when it is closed already."""
    open_one = update(api_tokens).where(api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None))
    return bool(tx.execute(open_one.values(revoked_at=tx.now)).rowcount)


def wrong_from(tx: Transaction, address: str) -> Wrong | None:
    """Return how many wrong tokens came from an address."""
    hashes = tx.keyring.fingerprints(address)
    row = tx.execute(select(wrong_tokens).where(wrong_tokens.c.address.in_(hashes))).first()
    return Wrong(row.wrong, row.since) if row is not None else None


def keep_wrong(tx: Transaction, address: str, wrong: Wrong) -> None:
    """Store the count of an address, and forget the counts of yesterday."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    values = {"wrong": wrong.count, "since": wrong.since}
    row = {"address": tx.keyring.fingerprint(address), **values}
    tx.execute(
        dialect.insert(wrong_tokens).on_conflict_do_update(index_elements=["address"], set_=values), row
    )
    forget_wrong(tx, tx.now - _A_DAY)


def forget_wrong(tx: Transaction, before: datetime) -> None:
    """Forget addresses from which nothing wrong has come for long."""
    tx.execute(delete(wrong_tokens).where(wrong_tokens.c.since < before))


def _first(rows: Iterable[Row[Any]]) -> Token | None:
    return next(map(_token, rows), None)


def _token(row: Row[Any]) -> Token:
    return Token(**{**row._asdict(), "role": Role(row.role)})
