"""How is the service put together? Settings in, one ASGI application out."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import FileResponse

from hotline import __version__
from hotline.api.application import PREFIX, api
from hotline.api.desk import Desk
from hotline.api.feeds.routes import feed_routes
from hotline.calls import ring
from hotline.calls.backstop import BackstopFile
from hotline.calls.door import Door
from hotline.calls.drill.leg import settle_drill
from hotline.calls.drill.webhooks import drill_webhooks
from hotline.calls.endings import settle_caller
from hotline.calls.handover import over
from hotline.calls.journal import Journal
from hotline.calls.promise import call_back
from hotline.calls.switchboard import Switchboard, Urls
from hotline.calls.texts import answers
from hotline.calls.webhooks import webhooks
from hotline.clock import Clock, WallClock
from hotline.database import Database
from hotline.drills.actions import DRILL
from hotline.due_work import forgetting, work_for_breakdowns, work_for_calls, work_for_staff
from hotline.errors import BadInput
from hotline.ivr.prompts import CALLERS, SOUNDS, STAFF, load_wording
from hotline.notifications import actions as notifications
from hotline.operations import mail
from hotline.operations.jobs import Watch
from hotline.operations.metrics import Metrics
from hotline.operations.routes import TimedAnswers, figures_of, operations
from hotline.phone_number import check_dialable, parse_phone_number
from hotline.profile import Profile, load_profile
from hotline.secrets import Keyring
from hotline.settings import Settings
from hotline.telephony.act_pool import ActPool
from hotline.telephony.acts import LEASE_SECONDS, Settler
from hotline.telephony.refusals import refused_now
from hotline.telephony.ring_pace import RingPace
from hotline.telephony.twilio.rest_client import TwilioLine
from hotline.telephony.twilio.signature import SignatureCheck
from hotline.timetable import Timetable

log = logging.getLogger(__name__)

DEMO_KEY = "00" * 32


@dataclass
class Service:
    """The assembled parts of one replica."""

    settings: Settings
    clock: Clock
    database: Database
    board: Switchboard
    line: TwilioLine
    pool: ActPool
    timetable: Timetable
    door: Door
    app: FastAPI

    def close(self) -> None:
        """Let go of every connection."""
        self.line.close()
        self.database.dispose()


def load_service_profile(settings: Settings) -> Profile:
    """Return the profile with the settings' own night and delays; raise BadInput."""
    profile = load_profile(settings.profile)
    if settings.night:
        profile = profile.with_night(settings.night, "HOTLINE_NIGHT")
    night = settings.seconds("HOTLINE_TIERS_NIGHT", settings.tiers_night)
    day = settings.seconds("HOTLINE_TIERS_DAY", settings.tiers_day)
    return profile.with_tiers(night, day)


def load_switchboard(settings: Settings, profile: Profile) -> Switchboard:
    """Return the unchanging part of the service: profile, wording, addresses; raise BadInput."""
    own = profile.wording_folder
    staff_language = profile.service.staff_language
    country = profile.service.country
    return Switchboard(
        profile=profile,
        callers_wording=load_wording(CALLERS, own / "callers" if own else None, profile.default_language),
        staff_wording=load_wording(STAFF, own / "staff" if own else None, staff_language),
        urls=Urls(settings.public_url),
        line_number=_number("HOTLINE_PHONE_NUMBER", settings.phone_number, country)
        or profile.service.phone_number,
        sms_number=_number("HOTLINE_SMS_NUMBER", settings.sms_number, country),
        ring_seconds=settings.ring_seconds,
        hold_seconds=settings.hold_seconds,
        max_wait_seconds=settings.max_wait_seconds,
        countries=settings.countries,
    )


def _number(setting: str, text: str, country: str) -> str:
    """Return the number that a setting gives, empty when it is; raise BadInput naming the setting."""
    try:
        return parse_phone_number(text, country) if text else ""
    except BadInput as error:
        raise BadInput(f"{setting}: {error}") from None


def last_resort_numbers(settings: Settings, board: Switchboard) -> tuple[str, ...]:
    """Return whom to ring when nothing is left that knows anybody; raise BadInput for a wrong number."""
    setting, country = "HOTLINE_LAST_RESORT", board.profile.service.country
    given = [part for part in settings.last_resort.get_secret_value().split(",") if part.strip()]
    numbers = tuple(_number(setting, part, country) for part in given)
    for number in numbers:
        if number in board.own_numbers:
            raise BadInput(f"{setting}: this is the line itself; give the phones of people")
        try:
            check_dialable(number, board.countries)
        except BadInput as error:
            raise BadInput(f"{setting}: {error}") from None
    return numbers


def load_keyring(settings: Settings) -> Keyring:
    """Return the keys of the sealed columns; on SQLite they are made once and kept beside the database."""
    given = settings.secret_keys.get_secret_value()
    if given:
        return Keyring.from_text(given)
    if settings.database.startswith("postgres"):
        raise BadInput(
            "HOTLINE_SECRET_KEYS is not set: make a key with "
            "python3 -c 'import secrets; print(secrets.token_hex(32))' and keep a copy in a safe place"
        )
    file = settings.data_dir / "secret.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(Keyring.new_key())
    return Keyring.from_text(file.read_text())


def open_database(settings: Settings, clock: Clock | None = None) -> Database:
    """Return the database of these settings, with its keys."""
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database, load_keyring(settings), clock or clock_of(settings))


def clock_of(settings: Settings) -> WallClock:
    """Return the clock that the settings ask for."""
    return WallClock(settings.clock_speed, settings.clock_start)


def assemble(
    settings: Settings,
    clock: Clock | None = None,
    transport: httpx.BaseTransport | None = None,
    database: Database | None = None,
    threads: bool = True,
) -> Service:
    """Put one replica together; without `threads` its acts and jobs are run by whoever drives it."""
    clock = clock or clock_of(settings)
    database = database or open_database(settings, clock)
    board = load_switchboard(settings, load_service_profile(settings))
    line = TwilioLine(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.auth_tokens[0] if settings.auth_tokens else "",
        api_url=settings.twilio_api_url,
        number=board.line_number,
        sms_number=board.sms_number,
        countries=board.countries,
        transport=transport,
        refuses=partial(refused_now, database),
    )
    settlers: dict[str, Settler] = {
        ring.RING: partial(ring.settle_ring, board),
        ring.LEG: partial(ring.settle_leg, board),
        ring.CALLER: partial(settle_caller, board),
        notifications.NOTICE: partial(over.settle, board),
        call_back.CALL_BACK: partial(call_back.settle, board),
        DRILL: settle_drill,
        answers.ANSWER: answers.settle,
    }
    wanted = {ring.RING: ring.is_wanted}
    pace = RingPace(clock, settings.calls_per_second, settings.clock_speed)
    pool = ActPool(database, line, settlers, LEASE_SECONDS * settings.clock_speed, wanted, pace)
    otherwise = last_resort_numbers(settings, board)
    backstop = BackstopFile(settings.data_dir / "backstop.sealed", database.keyring, otherwise)
    journal = Journal(settings.data_dir / "backstop.journal", database.keyring)
    door = Door(
        database=database,
        board=board,
        signatures=SignatureCheck(settings.public_url, settings.auth_tokens),
        account_sid=settings.twilio_account_sid,
        backstop=backstop,
        journal=journal,
        clock=clock,
        reply_seconds=settings.reply_seconds,
    )
    watch = _watch(settings, board, database, journal)
    jobs = (
        *work_for_calls(board, database, line, pool),
        *work_for_staff(settings, board, database),
        *work_for_breakdowns(settings, board, database, backstop, journal, watch),
        *forgetting(board, database),
    )
    timetable = Timetable(jobs, clock, settings.clock_speed)
    door.on_refused = watch.note_refused
    watch.ticks = timetable.troubles if threads else tuple
    metrics = Metrics(timetable.seconds_since_success, __version__, lambda: timetable.restarts)
    app = _application(door, pool, timetable, metrics, threads)
    return Service(settings, clock, database, board, line, pool, timetable, door, app)


def _watch(settings: Settings, board: Switchboard, database: Database, journal: Journal) -> Watch:
    smtp_url, send = settings.smtp_url.get_secret_value(), None
    if settings.alarm_email and smtp_url:
        send = partial(mail.send, recipient=settings.alarm_email, smtp_url=smtp_url)
    return Watch(board, database, journal, tuple, send, settings.heartbeat_url)


def _application(door: Door, pool: ActPool, timetable: Timetable, metrics: Metrics, threads: bool) -> FastAPI:
    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        if threads:
            pool.start()
            timetable.start()
        yield
        timetable.stop()
        pool.stop()

    app = FastAPI(
        title="Pronto Intervento Sociale",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # A redirect would repeat a calendar's secret address under whichever host the request named.
        redirect_slashes=False,
        telemetry={"logs": False},
    )
    _take_over(app, webhooks(door))
    _take_over(app, drill_webhooks(door))
    _add_sounds(app, door)
    troubles = timetable.troubles if threads else tuple
    _take_over(app, operations(door.database, metrics, figures_of(door.database), troubles))
    desk = Desk(door.database, door.board)
    _take_over(app, feed_routes(desk))
    app.mount(PREFIX, api(desk))
    app.add_middleware(TimedAnswers, metrics=metrics)
    return app


def _take_over(app: FastAPI, router: APIRouter) -> None:
    # `include_router` would build every route once more, at the first request, and match each request twice.
    app.router.routes.extend(router.routes)


def _add_sounds(app: FastAPI, door: Door) -> None:
    wordings = {"callers": door.board.callers_wording, "staff": door.board.staff_wording}
    forever = {"Cache-Control": "public, max-age=86400"}

    @app.get("/audio/sounds/{name}")
    def sound(name: str) -> Response:
        path = SOUNDS / Path(name).name
        known = path.suffix == ".wav" and path.is_file()
        return FileResponse(path, headers=forever) if known else Response(status_code=404)

    @app.get("/audio/{audience}/{language}/{name}")
    def prompt(audience: str, language: str, name: str) -> Response:
        wording = wordings.get(audience)
        path = wording.audio_file(language, name) if wording else None
        return FileResponse(path, headers=forever) if path else Response(status_code=404)
