"""When is it forgotten how somebody's phone fared? After 90 days, in small steps."""

from datetime import timedelta

from hotline.calls.rings import store
from hotline.clock import make_room
from hotline.database import Database
from hotline.oncall.holes import store as holes
from hotline.oncall.news import store as news

KEPT = timedelta(days=90)
_AT_ONCE = 200


def forget_rings(database: Database) -> None:
    """Delete the rings that nobody took, and what people were told, when they are older than 90 days."""
    before = database.clock.now() - KEPT
    more = True
    while more:
        make_room()
        with database.reading() as tx:
            rings, traces = store.old_rings(tx, before, _AT_ONCE), store.old_traces(tx, before, _AT_ONCE)
        if rings or any(traces.values()):
            with database.transaction() as tx:
                store.forget_rings(tx, rings)
                store.forget_traces(tx, traces)
        more = len(rings) == _AT_ONCE or any(len(ids) == _AT_ONCE for ids in traces.values())
    with database.transaction() as tx:
        news.forget_before(tx, before, _AT_ONCE)
        holes.forget_before(tx, before, _AT_ONCE)
