"""Does a REST request keep Twilio's published contract? Used by tests, where the file is at hand."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from hotline.simulator.rest import Check, Form

TWILIO = "https://api.twilio.com"


def contract_file(root: Path) -> Path | None:
    """Return the OpenAPI file, from HOTLINE_TWILIO_OPENAPI or beside the repository at `root`, or None."""
    named = os.environ.get("HOTLINE_TWILIO_OPENAPI")
    path = Path(named) if named else root.parent / "shared" / "twilio-openapi.json"
    return path if path.is_file() else None


def contract_check(path: Path) -> Check:
    """Make a check for `exchange.desk.checks`: it names what a request breaks, unknown parameters too."""
    from openapi_core import OpenAPI
    from openapi_core.datatypes import RequestParameters
    from werkzeug.datastructures import Headers, ImmutableMultiDict

    text = json.loads(path.read_text())
    contract = OpenAPI.from_dict(text)

    class _Request:
        """One request in the shape that openapi-core reads."""

        def __init__(self, method: str, url: str, headers: dict[str, str], form: Form) -> None:
            parts = urlsplit(url)
            self.host_url, self.path, self.method = TWILIO, parts.path, method.lower()
            self.content_type = "application/x-www-form-urlencoded"
            self.body = urlencode(form).encode() if form else None
            query = ImmutableMultiDict(_pairs(parts.query))
            self.parameters = RequestParameters(query=query, header=Headers(list(headers.items())))

    def check(method: str, url: str, headers: dict[str, str], form: Form) -> list[str]:
        request: Any = _Request(method, url, headers, form)
        complaints = [_explain(error) for error in contract.iter_request_errors(request)]
        return complaints + _unknown(text, method, urlsplit(url).path, form)

    return check


def _pairs(query: str) -> Form:
    from urllib.parse import parse_qsl

    return parse_qsl(query, keep_blank_values=True)


def _explain(error: BaseException) -> str:
    cause = error.__cause__
    more = getattr(cause, "schema_errors", None) or ([cause] if cause else [])
    return "; ".join(dict.fromkeys([str(error), *(str(each).splitlines()[0] for each in more)]))


def _unknown(contract: dict[str, Any], method: str, path: str, form: Form) -> list[str]:
    """Name form parameters that the operation does not declare: openapi-core passes them silently."""
    for template, item in contract["paths"].items():
        if _fits(template, path) and method.lower() in item:
            content = item[method.lower()].get("requestBody", {}).get("content", {})
            schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
            known = set(schema.get("properties", {}))
            return [f"unknown parameter {name}" for name in sorted({name for name, _ in form} - known)]
    return []


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    pairs = zip(wanted, given, strict=False)
    return len(wanted) == len(given) and all("{" in want or want == have for want, have in pairs)
