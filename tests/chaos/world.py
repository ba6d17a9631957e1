"""How is a play played: the real service on a real database, its people, and what goes wrong?"""

import secrets
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import delete, event, insert, select
from sqlalchemy.exc import OperationalError

from hotline.calls.fallback import start_address
from hotline.calls.standby import write_backstop, write_fallback
from hotline.calls.tables import calls, legs
from hotline.clock import ManualClock
from hotline.database import Database, metadata
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.oncall.actions import import_shifts
from hotline.oncall.rota.tables import rota_pointer
from hotline.people.actions import import_people
from hotline.simulator.faults import Chances
from hotline.simulator.phones import Phone
from hotline.simulator.wire import WebRequest, WebResponse
from tests.chaos.looking_back import LookingBack
from tests.chaos.people import BACK, NOT_BACK, Moods, Reactions
from tests.chaos.play import Habit, Person, Play, Step, Worker
from tests.chaos.watch import Complaint, Watch

ELSEWHERE = "static.example.org"
FALLBACK_URL = f"https://{ELSEWHERE}/hotline"
TEXTS = "+393400000070"
LOOK_EVERY = 2.0
LONGEST_END = 240.0
STATUSES = (401, 429, 500)
WEATHERS = {
    "callbacks": Chances(duplicate=0.1, delay=0.15, drop_callback=0.1),
    "rest": Chances(rest_error=0.15, rest_busy=0.1, rest_lost=0.1),
    "all": Chances(0.05, 0.1, 0.05, 0.03, 0.05, 0.05, 0.05, 4.0),
}


@dataclass
class Result:
    """What came of one play."""

    complaints: list[Complaint]
    outcomes: Counter[str]
    faults: Counter[str]
    rung: int
    longest_reply: float
    longest_silence: float
    transcript: str = ""

    @property
    def failed(self) -> bool:
        """Tell whether a rule was broken."""
        return bool(self.complaints)


@dataclass
class Stage:
    """A migrated database that many plays use, one after another, and a folder."""

    database: Database
    folder: Path
    gone: bool = field(default=False)

    def __post_init__(self) -> None:
        def fails(*_anything: object) -> None:
            if self.gone:
                raise OperationalError("the server closed the connection", None, Exception())

        for engine in {self.database.writer, self.database.reader}:
            event.listen(engine, "before_cursor_execute", fails)

    def clear(self, clock: ManualClock) -> None:
        """Forget the last play."""
        self.gone = False
        self.database.clock = clock
        self.database._subscribers.clear()
        with self.database.transaction() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(delete(table))
            tx.execute(insert(rota_pointer), {"id": 1, "version": 0})
        for file in self.folder.iterdir():
            if file.is_file() and file.suffix != ".sqlite" and "sqlite-" not in file.name:
                file.unlink()


class World:
    """One play under way; `do` makes something happen, `passes` lets time pass, `ends` lets it end."""

    def __init__(
        self,
        stage: Stage,
        seed: int,
        began: datetime,
        workers: tuple[Worker, ...],
        people: tuple[Person, ...],
    ) -> None:
        self.stage, self.workers, self.people = stage, workers, people
        self.clock = ManualClock(began)
        stage.clear(self.clock)
        self._began = self.clock.now()
        self._import()
        fallback = stage.folder / "fallback"
        self.rig = Rig(stage.database, self.clock, stage.folder, seed=seed, sms_number=TEXTS)
        self._patient()
        self.exchange = self.rig.exchange
        self._serve_documents(fallback)
        self.watch = Watch(
            self.rig,
            stage.database,
            frozenset(worker.number for worker in workers),
            frozenset(),
        )
        self.faults: Counter[str] = Counter()
        self._said: dict[str, str] = {}
        reactions = Reactions(
            self.exchange, {one.name: one for one in workers}, {one.name: one for one in people}
        )
        self.exchange.on_note = lambda entry: (
            self.watch.note(entry),
            reactions.note(entry),
            self._keys(entry),
        )
        for worker in workers:
            self.rig.town.phone(worker.name, worker.number, Moods(worker.habits))
        for person in people:
            habit: Habit = BACK if person.answers_back else NOT_BACK
            self.rig.town.phone(person.name, person.number, Moods((habit,)))
        self._seed = seed

    def _import(self) -> None:
        roster = ["name,phone,role,languages,last_resort"]
        rota = ["phone,role,starts_at,ends_at"]
        start = (self._began - timedelta(hours=6)).isoformat()
        for one in self.workers:
            last = "yes" if one.last_resort else ""
            roster.append(f"{one.name} Prova,{one.number},{one.role},{one.languages},{last}")
            if one.until is not None:
                end = (self._began + timedelta(seconds=one.until)).isoformat()
                rota.append(f"{one.number},{one.role},{start},{end}")
        with self.stage.database.transaction() as tx:
            if self.workers:
                import_people(tx, "\n".join(roster) + "\n")
            if len(rota) > 1:
                import_shifts(tx, "\n".join(rota) + "\n")

    def _serve_documents(self, folder: Path) -> None:
        board, database = self.rig.service.board, self.stage.database

        def answer(request: WebRequest) -> WebResponse:
            path = folder / urlsplit(request.url).path.removeprefix("/hotline/")
            if not path.is_file():
                return WebResponse(404)
            return WebResponse(200, path.read_bytes(), {"Content-Type": "text/xml"})

        write_fallback(board, database, folder, FALLBACK_URL)
        write_backstop(board, database, self.rig.service.door.backstop)
        self.rig.serve_elsewhere(ELSEWHERE, answer)
        self.exchange.add_line(
            self.rig.line,
            f"{PUBLIC_URL}/twilio/voice",
            fallback_url=start_address(FALLBACK_URL, database.keyring),
            fallback_method="GET",
            status_url=f"{PUBLIC_URL}/twilio/voice/status",
        )

    def _patient(self) -> None:
        """Let a busy machine change nothing: real seconds are measured here, and bring nothing about."""
        self.rig.service.door.reply_seconds = 60.0

    def _keys(self, entry: object) -> None:
        """Know who has ever said yes: two eights, or a number keyed in."""
        kind, who, text = entry.kind, entry.who, entry.text  # type: ignore[attr-defined]
        if kind == "key" and any(person.name == who for person in self.people):
            self._said[who] = said = self._said.get(who, "") + text
            if said.count("8") >= 2:
                # Whoever keys a number in gives one of somebody: here it is always their own.
                number = next(person.number for person in self.people if person.name == who)
                self.watch.yes |= {number}

    # What can happen

    def phone(self, name: str) -> Phone | None:
        """Return somebody's phone, None for nobody's."""
        return self.rig.town.phones.get(name)

    def do(self, step: Step) -> None:
        """Let one thing happen; what makes no sense now does not happen."""
        if step.verb in ("dial", "press", "hang_up"):
            self._person_does(step)
        else:
            self._goes_wrong(step)
        self.watch.look()

    def _person_does(self, step: Step) -> None:
        phone = self.phone(step.who)
        if phone is None:
            return
        handset = phone.handset
        if step.verb == "dial" and handset.leg is None:
            person = next(one for one in self.people if one.name == step.who)
            self._said.pop(step.who, None)
            phone.dials(anonymous=person.withheld)
        elif step.verb == "press" and handset.is_on_the_line:
            handset.press(step.what)
        elif step.verb == "hang_up" and handset.is_on_the_line and not phone.talking_with():
            handset.hang_up()
        self.exchange.run_for(0)

    def _goes_wrong(self, step: Step) -> None:
        faults, what, times, seconds = self.exchange.faults, step.what, step.times, step.seconds
        kinds: dict[str, Callable[[], None]] = {
            "duplicate": lambda: faults.duplicate_webhooks(what, times),
            "delay": lambda: faults.delay_webhooks(what, times, seconds),
            "drop": lambda: faults.drop_webhooks(what, times),
            "reorder": lambda: faults.reorder_webhooks(what, times, seconds),
            "slow": lambda: faults.slow_webhooks(what, times, seconds),
            "unreachable": lambda: faults.unreachable(seconds),
            "restart": lambda: self._restarts(seconds),
            "database_gone": lambda: self._loses_its_database(seconds),
            "rest_slow": lambda: faults.rest_slow(times, seconds, what),
            "rest_lost": lambda: faults.lose_rest_answer(what, times),
            "rest_refused": lambda: faults.rest_refused(times, what),
            "weather": lambda: self._weather(what),
            **{f"rest_{status}": partial(faults.rest_fails, times, status, what) for status in STATUSES},
        }
        kinds[step.verb]()

    def _weather(self, which: str) -> None:
        self.faults["weather"] += 1
        self.exchange.faults.randomly(self._seed, WEATHERS[which])

    def _restarts(self, seconds: float) -> None:
        if self.rig._delivery.app is None:
            return
        self.faults["restart"] += 1
        self.rig.switch_off()
        self.exchange.agenda.after(seconds, self._starts_again)

    def _starts_again(self) -> None:
        self.rig.switch_on()
        self._patient()
        self.rig.service.pool.wake()  # as its threads are when they start
        self.exchange.driver.touch()

    def _loses_its_database(self, seconds: float) -> None:
        if self.stage.gone:
            return
        self.faults["database_gone"] += 1
        self._database_is(gone=True)
        self.exchange.agenda.after(seconds, lambda: self._database_is(gone=False))

    def _database_is(self, gone: bool) -> None:
        self.stage.gone = self.watch.database_gone = self.rig.background_hangs = gone

    # Time

    def passes(self, seconds: float) -> None:
        """Let time pass, looking every now and then."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (left := (end - self.clock.now()).total_seconds()) > 0:
            self.exchange.run_for(min(left, LOOK_EVERY))
            self.watch.look()

    def ends(self, tail: float = 0.0) -> None:
        """Let nothing more go wrong, every caller hang up, and everything due be done; then look back."""
        self.exchange.faults.calm()
        for person in self.people:
            phone = self.rig.town.phones[person.name]
            if phone.handset.leg is not None and phone.handset.leg.direction == "inbound":
                phone.hangs_up()
        began = self.clock.now()
        while not self._all_over() and (self.clock.now() - began).total_seconds() < LONGEST_END:
            self.passes(5)
        if tail:
            self.passes(tail)

    def _all_over(self) -> bool:
        if self.stage.gone or self.rig._delivery.app is None:
            return False
        if any(not leg.over for leg in self.exchange.legs.values() if leg.direction != "outbound-api"):
            return False
        journals = (self.stage.folder / name for name in ("backstop.journal", "backstop.importing"))
        if LookingBack(self.watch).unheard() or any(one.exists() for one in journals):
            return False
        with self.stage.database.reading() as tx:
            return not any(
                tx.execute(select(table.c.id).where(table.c.ended_at.is_(None)).limit(1)).first()
                for table in (calls, legs)
            )

    def result(self) -> Result:
        """Look back, and return what came of it."""
        back = LookingBack(self.watch)
        outcomes = Counter(back.endings())
        return Result(
            complaints=self.watch.complaints,
            outcomes=outcomes,
            faults=self.exchange.faults.counts + self.faults,
            rung=sum(entry.kind == "ring" for entry in self.exchange.transcript.entries),
            longest_reply=self.watch.longest_reply,
            longest_silence=back.longest_silence,
        )

    def close(self) -> None:
        """Let go of everything but the stage."""
        self.stage.gone = False
        self.watch.close()
        self.rig.close()


@contextmanager
def certain_ids(seed: int) -> Iterator[None]:
    """Let every id of the service be drawn from a seed, so that a play plays the same again."""
    luck, real = Random(seed), secrets.token_bytes
    secrets.token_bytes = lambda many=None: luck.randbytes(many or 32)
    try:
        yield
    finally:
        secrets.token_bytes = real


def perform(play: Play, stage: Stage, keep: bool = False) -> Result:
    """Play a play from its beginning to its end; `keep` its transcript."""
    with certain_ids(play.seed):
        world = World(stage, play.seed, datetime.fromisoformat(play.began), play.workers, play.people)
        try:
            _run(world, play)
            result = world.result()
            if keep or result.failed:
                result.transcript = world.rig.town.play()
            return result
        finally:
            world.close()


def _run(world: World, play: Play) -> None:
    began = world.clock.now()
    try:
        for step in play.steps:
            world.passes(step.at - (world.clock.now() - began).total_seconds())
            world.do(step)
        world.ends(play.tail)
    except Exception as error:  # noqa: BLE001  # a rule too: nothing of the service may break down
        place = traceback.extract_tb(error.__traceback__)[-1]
        world.watch.complain("crash", f"{type(error).__name__}: {error} ({place.name}:{place.lineno})"[:300])
