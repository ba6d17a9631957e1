"""What stands in for Twilio's REST API? It answers at once and remembers when each request came."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.webhook import ACCOUNT_SID, new_sid
from hotline.clock import stopwatch


@dataclass(frozen=True)
class Asked:
    """One REST request: to ring `to` (a new leg `sid`), or to move or end the leg `sid`."""

    at: float
    sid: str
    to: str
    url: str
    status: str

    @property
    def is_ring(self) -> bool:
        """Tell whether a phone is to ring."""
        return bool(self.to)


class Provider:
    """Listen on a free port; `on_request` is told of every request as it is answered."""

    def __init__(self) -> None:
        self.on_request: Callable[[Asked], None] = self.keep
        self.kept: list[Asked] = []
        self.rings: dict[str, Asked] = {}
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address for HOTLINE_TWILIO_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wait_for(self, number: int, seconds: float = 5.0) -> list[Asked]:
        """Wait until so many requests have come since the last time, and return them."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.kept) >= number, seconds):
                raise RuntimeError(f"{len(self.kept)} REST requests came instead of {number}: {self.kept}")
            asked, self.kept = self.kept, []
        return asked

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def keep(self, asked: Asked) -> None:
        """Remember a request for `wait_for`."""
        with self._news:
            self.kept.append(asked)
            self._news.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Desk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 64 * 1024  # one packet an answer
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                at = stopwatch()
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                asked = _asked(at, urlsplit(self.path).path, form)
                if asked.is_ring:
                    provider.rings[asked.to] = asked
                self._answer(201 if asked.is_ring else 200, _call(asked))
                provider.on_request(asked)

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                last = address.path.rsplit("/", 1)[-1].removesuffix(".json")
                if last == "Calls":
                    to = parse_qs(address.query).get("To", [""])[0]
                    rung = [_call(provider.rings[to])] if to in provider.rings else []
                    self._answer(200, {"calls": rung, "next_page_uri": None})
                else:
                    self._answer(200, {"sid": last, "account_sid": ACCOUNT_SID, "status": "in-progress"})

            def _answer(self, status: int, answer: dict[str, object]) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *_arguments: Any) -> None:
                """Keep quiet."""

        return Desk


def _asked(at: float, path: str, form: dict[str, list[str]]) -> Asked:
    first = {name: values[0] for name, values in form.items()}
    sid = path.rsplit("/", 1)[-1].removesuffix(".json")
    return Asked(
        at=at,
        sid=new_sid() if sid == "Calls" else sid,
        to=first.get("To", "") if sid == "Calls" else "",
        url=first.get("Url", ""),
        status=first.get("Status", ""),
    )


def _call(asked: Asked) -> dict[str, object]:
    status = "queued" if asked.is_ring else asked.status or "in-progress"
    return {"sid": asked.sid, "account_sid": ACCOUNT_SID, "status": status, "to": asked.to}
