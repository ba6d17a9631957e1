"""Five hundred calls over two real replicas, one of which is killed or frozen every 25 calls.

python -m tests.rough --calls 500
"""

import argparse
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

from hotline.calls.tables import calls, events, legs
from hotline.database import migrate
from hotline.followups.tables import follow_ups
from hotline.telephony.tables import acts
from tests.postgresql import SURVIVES_A_CRASH, PostgresServer, find_postgres
from tests.rough.crowd import staff
from tests.rough.play import play
from tests.rough.replicas import Replicas, find_haproxy, two_replicas


def main() -> int:
    """Read the options, play, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.rough", description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--every", type=int, default=25, help="calls between two troubles")
    parser.add_argument("--speed", type=float, default=5.0, help="seconds of the calls in one real second")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    binaries, proxy = find_postgres(), find_haproxy()
    if binaries is None or proxy is None:
        sys.exit("needs PostgreSQL and HAProxy: apt install postgresql haproxy")
    with (
        PostgresServer(binaries, SURVIVES_A_CRASH) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        url = server.create("rough")
        migrate(url)
        with two_replicas(url, Path(folder), proxy, given.speed, staff()) as rig:
            found = play(
                rig,
                given.calls,
                given.at_once,
                given.every,
                given.seed,
                lambda line: print(line, flush=True),
            )
            print(found.as_table(f"two replicas, speed {given.speed:g}"))
            if found.failed:
                _keep(rig)
    return int(found.failed)


def _keep(rig: Replicas) -> None:
    """Write down what is needed to understand a play that failed."""
    kept = Path("var/rough")
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "transcript.txt").write_text(rig.town.play())
    for name in ("a", "b"):
        (kept / f"{name}.log").write_text((rig.folder / name / "serve.log").read_text())
    with rig.database.reading() as tx:
        for table in (calls, legs, events, acts, follow_ups):
            rows = tx.execute(select(table)).mappings()
            lines = [" ".join(f"{name}={value}" for name, value in row.items() if value) for row in rows]
            (kept / f"{table.name}.txt").write_text("\n".join(lines))
    print(f"The transcript, the tables and both logs are in {kept}.")


if __name__ == "__main__":
    sys.exit(main())
