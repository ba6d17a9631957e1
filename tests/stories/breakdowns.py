"""How does a story take the database away, and have written down whom to ring without it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from hotline.calls.standby import write_backstop
from hotline.demo.rig import Rig


@contextmanager
def no_database(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every statement fail; the ticker and the pool can do nothing meanwhile."""
    database = rig.service.database
    engines = {database.writer, database.reader}

    def fails(*_anything: object) -> None:
        raise OperationalError("the server closed the connection", None, Exception())

    for engine in engines:
        event.listen(engine, "before_cursor_execute", fails)
    with monkeypatch.context() as patch:
        idle = tuple(replace(job, run=lambda: None) for job in rig.service.timetable.jobs)
        patch.setattr(rig.service.timetable, "jobs", idle)
        patch.setattr(rig.service.pool, "run_one", lambda: False)
        yield
    for engine in engines:
        event.remove(engine, "before_cursor_execute", fails)


def the_file_is_written(rig: Rig) -> None:
    """Let the ticker write down whom to ring without a database."""
    write_backstop(rig.service.board, rig.service.database, rig.service.door.backstop)
