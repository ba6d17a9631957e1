"""What is the least that an honest webhook costs? Its signature, one committed row, a constant reply."""

import os
import sys
from functools import partial

import anyio
import uvicorn
from anyio import CapacityLimiter
from fastapi import FastAPI, HTTPException, Request, Response
from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from bench.webhook import AUTH_TOKEN, PUBLIC_URL
from hotline.clock import WallClock
from hotline.database import Database, UtcMoment
from hotline.secrets import Keyring
from hotline.telephony.twilio.signature import SignatureCheck
from hotline.telephony.twilio.webhook_forms import read_form

rows = Table(
    "bench_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sid", String(64), nullable=False),
    Column("at", UtcMoment, nullable=False),
)


def bare_app(database_url: str) -> FastAPI:
    """Return an application with one endpoint, built as the service's own are."""
    database = Database(database_url, Keyring.from_text("00" * 32), WallClock())
    signatures = SignatureCheck(PUBLIC_URL, (AUTH_TOKEN,))
    limiter = CapacityLimiter(20)
    app = FastAPI(openapi_url=None, telemetry={"logs": False})
    with database.transaction() as tx:
        rows.create(tx.connection, checkfirst=True)

    def store(sid: str) -> None:
        with database.transaction() as tx:
            tx.execute(insert(rows), {"sid": sid, "at": tx.now})

    @app.post("/bare")
    async def bare(request: Request) -> Response:
        form = read_form(await request.body())
        if not signatures.holds("/bare", "", form, request.headers.get("X-Twilio-Signature", ""), ""):
            raise HTTPException(403)
        await anyio.to_thread.run_sync(partial(store, str(form["CallSid"])), limiter=limiter)
        return Response("<Response/>", media_type="text/xml")

    return app


if __name__ == "__main__":
    uvicorn.run(
        bare_app(os.environ["HOTLINE_DATABASE_URL"]),
        port=int(sys.argv[1]),
        http="httptools",
        loop="asyncio",
        access_log=False,
        log_level="warning",
    )
