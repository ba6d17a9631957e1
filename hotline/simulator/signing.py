"""How does the exchange prove that a webhook is its own? Written apart from the service's own check."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signed_form_of(url: str) -> str:
    """Return `url` as it enters the signature: no fragment, no credentials, no https port.

    >>> signed_form_of("https://user:secret@example.org:8443/a?b=#rt=1")
    'https://example.org/a?b='
    >>> signed_form_of("http://example.org:8080/a")
    'http://example.org:8080/a'
    """
    bare = url.split("#", 1)[0]
    scheme, _, rest = bare.partition("://")
    cut = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    authority, tail = rest[:cut].rpartition("@")[2], rest[cut:]
    if scheme == "https":
        authority = authority.partition(":")[0]
    return f"{scheme}://{authority}{tail}"


def sign(token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """Return the X-Twilio-Signature of a request; a GET passes no form."""
    text = signed_form_of(url) + "".join(name + value for name, value in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
