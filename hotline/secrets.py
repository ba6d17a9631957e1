"""How are numbers and names kept so that a stolen database tells nothing?"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.errors import BadInput, HotlineError

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class Keyring:
    """Seal and open texts (AES-256-GCM) and fingerprint them (HMAC-SHA-256), with keys newest first.

    Encryption and fingerprint keys are derived apart from one secret, so neither reveals the other.
    """

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        self._ciphers = {_key_id(secret): AESGCM(_derived(secret, b"encrypt")) for secret in secrets}
        self._hash_keys = tuple(_derived(secret, b"fingerprint") for secret in secrets)
        self._newest = _key_id(secrets[0])

    @classmethod
    def from_text(cls, text: str) -> "Keyring":
        """Read comma-separated keys of 64 hexadecimal digits, newest first; raise BadInput otherwise."""
        try:
            secrets = tuple(bytes.fromhex(part.strip()) for part in text.split(",") if part.strip())
        except ValueError:
            secrets = ()
        if not secrets or any(len(secret) != 32 for secret in secrets):
            raise BadInput(
                "HOTLINE_SECRET_KEYS: every key must be 64 hexadecimal digits, newest first, separated by "
                "commas; make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return cls(secrets)

    @staticmethod
    def new_key() -> str:
        """Return a fresh key in the form that `from_text` reads."""
        return os.urandom(32).hex()

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt `text` for one `place` (table.column); moved elsewhere it cannot be opened."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, text.encode(), place.encode())
        return self._newest + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` made for `place`; raise HotlineError when no key of ours fits."""
        key_id, rest = sealed[:_KEY_ID_BYTES], sealed[_KEY_ID_BYTES:]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise HotlineError(
                f"{place}: sealed with a key that HOTLINE_SECRET_KEYS no longer lists; add it back"
            )
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            raise HotlineError(
                f"{place}: the stored value was altered or moved from another column"
            ) from None

    def fingerprint(self, text: str) -> str:
        """Return the keyed hash under which `text` is stored and found."""
        return _hash(self._hash_keys[0], text)

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """Return the keyed hashes under every key, newest first: what to look up during a rotation."""
        return tuple(_hash(key, text) for key in self._hash_keys)


def _hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), sha256).hexdigest()[:40]


def _key_id(secret: bytes) -> bytes:
    return sha256(b"hotline key id" + secret).digest()[:_KEY_ID_BYTES]


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hotline " + purpose).derive(secret)
