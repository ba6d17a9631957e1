"""The line is broken: does somebody hear of it, once, without a word about anybody?"""

import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_string
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from hotline.database import Database
from hotline.demo.rig import PUBLIC_URL, Rig
from hotline.oncall.actions import import_shifts
from hotline.simulator.phones import Phone, Town
from hotline.simulator.wire import WebRequest
from tests.stories.conftest import Hire
from tests.stories.test_follow_ups import promised

FOR_EVER = 10_000


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class MailServer:
    """Take in letters, as the mail server of a municipality would."""

    def __init__(self, port: int = 0) -> None:
        self.letters: list[str] = []
        letters = self.letters

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 mail.example.org")
                while line := self.rfile.readline().decode().strip():
                    if line.upper().startswith("DATA"):
                        self.say("354 go on")
                        body = []
                        while (part := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                            body.append(part)
                        letters.append("\n".join(body))
                    if line.upper().startswith("QUIT"):
                        self.say("221 bye")
                        return
                    self.say("250 ok")

            def say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self._server = _Server(("127.0.0.1", port), Session)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    @property
    def subjects(self) -> list[str]:
        found = (message_from_string(letter, policy=default)["Subject"] for letter in self.letters)
        return [str(subject) for subject in found]

    def about(self, words: str) -> int:
        return sum(words in subject for subject in self.subjects)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watcher:
    """Somebody elsewhere who counts the beats."""

    def __init__(self) -> None:
        self.beats = 0
        watcher = self

        class Beat(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                watcher.beats += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Beat)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/beat"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    found = Watcher()
    yield found
    found.close()


@pytest.fixture
def settings(mail: MailServer, watcher: Watcher) -> dict[str, object]:
    return {"alarm_email": "alarms@example.org", "smtp_url": mail.url, "heartbeat_url": watcher.url}


@pytest.fixture
def everybody(database: Database, starts_at: datetime, anna: Phone, lucia: Phone, carla: Phone) -> None:
    """No gap in the rota, today and tomorrow."""
    tomorrow = (
        f"{(starts_at + timedelta(hours=12)).isoformat()},{(starts_at + timedelta(days=2)).isoformat()}"
    )
    rows = f"{anna.number},volunteer,{tomorrow}\n{lucia.number},social_worker,{tomorrow}\n"
    with database.transaction() as tx:
        import_shifts(tx, "phone,role,starts_at,ends_at\n" + rows)


def test_a_healthy_line_beats_each_minute_and_writes_to_nobody(
    everybody: None, town: Town, mail: MailServer, watcher: Watcher
) -> None:
    town.passes(10 * 60)
    assert 9 <= watcher.beats <= 11
    assert mail.subjects == []


def test_rest_is_down_and_a_letter_says_so_once_an_hour_while_the_heart_stands_still(
    everybody: None, rig: Rig, caller: Phone, anna: Phone, town: Town, mail: MailServer, watcher: Watcher
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(40)
    assert mail.about("phones cannot be rung by REST") == 1
    beats = watcher.beats
    town.passes(6 * 60)
    assert mail.about("phones cannot be rung by REST") == 1
    assert watcher.beats == beats
    rig.exchange.faults.calm()
    town.passes(3 * 60)
    assert watcher.beats > beats


def test_a_signed_webhook_that_is_refused_alarms_at_once_and_a_stranger_does_not(
    everybody: None, rig: Rig, town: Town, mail: MailServer
) -> None:
    def knock(*headers: tuple[str, str]) -> int:
        request = WebRequest("POST", f"{PUBLIC_URL}/twilio/voice", headers, (), b"CallSid=CA1", 1.0, 4.0)
        return rig._delivery(request).status

    assert knock() == 403
    town.passes(60)
    assert mail.subjects == []
    assert knock(("X-Twilio-Signature", "bm90IHJpZ2h0")) == 403
    town.passes(60)
    assert mail.about("a signed webhook was refused") == 1


def test_the_database_is_away_and_a_letter_goes_out_without_it(
    everybody: None, rig: Rig, database: Database, mail: MailServer, watcher: Watcher
) -> None:
    from sqlalchemy.exc import OperationalError

    def gone() -> object:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    database.reading = database.transaction = gone  # type: ignore[method-assign, assignment]
    watch = next(job for job in rig.service.timetable.jobs if job.name == "watch the line")
    beat = next(job for job in rig.service.timetable.jobs if job.name == "heartbeat")
    watch.run()
    watch.run()
    beat.run()
    del database.reading, database.transaction
    assert mail.about("the database does not answer") == 1
    assert watcher.beats == 0


def test_a_gap_in_the_rota_is_written_about_once(
    hire: Hire, town: Town, starts_at: datetime, mail: MailServer, anna: Phone, carla: Phone
) -> None:
    hire("Lucia", 3, "social_worker", shift=(starts_at - timedelta(hours=12), starts_at - timedelta(hours=1)))
    town.passes(10 * 60)
    assert mail.about("a call within 24 hours would find too few people") == 1


def test_a_caller_served_by_the_file_is_written_about(
    everybody: None,
    rig: Rig,
    database: Database,
    caller: Phone,
    anna: Phone,
    town: Town,
    mail: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town.passes(61)
    rig.background_hangs = True
    with monkeypatch.context() as away:
        away.setattr(database, "transaction", lambda *_: (_ for _ in ()).throw(RuntimeError("gone")))
        caller.dials()
        anna.answers(within=60)
        caller.hangs_up()
    rig.background_hangs = False
    town.passes(60)
    assert mail.about("a caller was served without us") == 1


def test_two_replicas_write_one_letter(
    everybody: None, rig: Rig, tmp_path: Path, caller: Phone, anna: Phone, town: Town, mail: MailServer
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    for service in (rig.service, another(rig)):
        next(job for job in service.timetable.jobs if job.name == "watch the line").run()
    assert mail.about("phones cannot be rung by REST") == 1


def another(rig: Rig) -> SimpleNamespace:
    """Assemble a second replica on the same database."""
    from hotline.app import assemble
    from hotline.simulator.transport import ExchangeTransport

    service = assemble(
        rig._settings, rig.clock, ExchangeTransport(rig.exchange), rig.service.database, threads=False
    )
    return SimpleNamespace(timetable=service.timetable)


def test_a_mail_server_that_is_away_is_tried_again(
    everybody: None, rig: Rig, caller: Phone, anna: Phone, town: Town, mail: MailServer
) -> None:
    port = int(mail.url.rsplit(":", 1)[1])
    mail.close()
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(60)
    assert mail.subjects == []
    back = MailServer(port)
    town.passes(6 * 60)
    assert back.about("phones cannot be rung by REST") == 1
    back.close()


def test_what_is_owed_and_taken_by_nobody_is_written_about_beside_the_calls(
    everybody: None, caller: Phone, anna: Phone, lucia: Phone, town: Town, mail: MailServer
) -> None:
    promised(caller, town)
    town.passes(4 * 60)
    assert mail.subjects == []
    town.passes(3 * 60)
    assert mail.about("nobody has taken what is owed to a caller") == 1
    town.passes(3600)
    assert mail.about("nobody has taken what is owed to a caller") == 2


def test_what_somebody_has_taken_is_not_written_about(
    everybody: None, caller: Phone, anna: Phone, lucia: Phone, town: Town, mail: MailServer
) -> None:
    promised(caller, town)
    lucia.answers(within=60)
    lucia.presses("1")
    lucia.hears("Grazie, è tua")
    lucia.hangs_up()
    town.passes(9 * 60)
    assert mail.subjects == []


def test_no_letter_names_anybody(
    everybody: None, rig: Rig, caller: Phone, anna: Phone, town: Town, mail: MailServer
) -> None:
    rig.exchange.faults.rest_fails(FOR_EVER, 500)
    caller.dials()
    anna.rings(within=60)
    caller.hangs_up()
    town.passes(60)
    assert mail.letters
    for letter in mail.letters:
        assert "Anna" not in letter
        assert caller.number[-7:] not in letter
        assert "CA" + "0" not in letter
