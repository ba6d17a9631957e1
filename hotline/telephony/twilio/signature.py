"""Did Twilio send this? Fail closed on anything that cannot be proven (Twilio: Webhooks security)."""

from urllib.parse import urlsplit

from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator


class SignatureCheck:
    """Verify webhooks against the address Twilio was given and every accepted token."""

    def __init__(self, public_url: str, tokens: tuple[str, ...]) -> None:
        self._base = public_url.rstrip("/")
        self._prefix = urlsplit(public_url).path.rstrip("/")
        self._validators = tuple(RequestValidator(token) for token in tokens)

    def url_of(self, raw_path: str, raw_query: str) -> str:
        """Rebuild the address that Twilio called, whether or not a proxy stripped our path prefix."""
        if self._prefix and raw_path.startswith(self._prefix + "/"):
            raw_path = raw_path[len(self._prefix) :]
        return self._base + raw_path + (f"?{raw_query}" if raw_query else "")

    def holds(self, raw_path: str, raw_query: str, form: FormData, signature: str, scheme: str) -> bool:
        """Tell whether the request is Twilio's; `scheme` is any announced scheme other than SHA-1's own."""
        if not signature or scheme:
            return False
        url = self.url_of(raw_path, raw_query)
        return any(validator.validate(url, form, signature) for validator in self._validators)
