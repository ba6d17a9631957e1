"""How do the service's REST client and the exchange reach each other, in process and over sockets?"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import httpx

from hotline.simulator.exchange import Exchange
from hotline.simulator.wire import LostAnswer, Refused, TimedOut, WebRequest, WebResponse


class ExchangeTransport(httpx.BaseTransport):
    """Carry an httpx client's requests straight into the exchange's REST desk."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; a fault appears as the error that a real network would give."""
        form = parse_qsl(request.read().decode(), keep_blank_values=True)
        began = self._exchange.now()
        try:
            status, answer = self._exchange.rest(
                request.method, str(request.url), dict(request.headers), form
            )
        except LostAnswer as lost:
            raise httpx.ReadTimeout("the answer was lost", request=request) from lost
        except Refused as refused:
            raise httpx.ConnectError("connection refused", request=request) from refused
        if (self._exchange.now() - began).total_seconds() > _read_limit(request):
            raise httpx.ReadTimeout("the answer came too late", request=request)
        return httpx.Response(status, json=answer, request=request)


def _read_limit(request: httpx.Request) -> float:
    limits = request.extensions.get("timeout")
    seconds = limits.get("read") if isinstance(limits, dict) else None
    return float(seconds) if isinstance(seconds, (int, float)) else float("inf")


class HttpDelivery:
    """Deliver webhooks over real sockets; `routes` maps a public address to where it really listens."""

    def __init__(self, routes: Mapping[str, str] | None = None) -> None:
        self._routes = dict(routes or {})
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        self._client = httpx.Client(limits=limits, trust_env=False)

    def __call__(self, request: WebRequest) -> WebResponse:
        """Perform one webhook within its limits."""
        timeout = httpx.Timeout(request.read_limit, connect=request.connect_limit)
        try:
            answer = self._client.request(
                request.method,
                self._real_address(request.url),
                headers=[*request.headers, ("Host", urlsplit(request.url).netloc)],
                content=request.body,
                timeout=timeout,
            )
        except httpx.ConnectTimeout as late:
            raise TimedOut("ct") from late
        except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as gone:
            raise Refused from gone
        except httpx.TimeoutException as late:
            raise TimedOut("rt") from late
        return WebResponse(answer.status_code, answer.content, dict(answer.headers))

    def _real_address(self, url: str) -> str:
        for public, real in self._routes.items():
            if url.startswith(public):
                return real + url[len(public) :]
        return url

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
