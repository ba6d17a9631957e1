"""Who is told that nobody reached a caller, with which words, and on which address do they confirm?"""

from hotline.calls.live import LiveCall
from hotline.calls.switchboard import Switchboard
from hotline.ivr.prompts import Value
from hotline.notifications import actions as notifications
from hotline.notifications.notice import Channel, Notice
from hotline.oncall import store as oncall
from hotline.people import store as people
from hotline.people.person import Person

COORDINATOR = "coordinator"


def tell_coordinators(board: Switchboard, live: LiveCall) -> None:
    """Tell the coordinators on shift, or else those of last resort, that a caller reached nobody."""
    tx = live.tx
    on_shift = {shift.person_id for shift in oncall.on_duty(tx, tx.now) if shift.role == COORDINATOR}
    persons = people.people_by_ids(tx, on_shift, and_last_resort=not on_shift)
    chosen = [person for person in persons if person.active]
    about = live.call.came_in_at
    told = notifications.tell(
        tx,
        chosen,
        notifications.UNREACHED,
        about,
        live.call.id,
        board.sms_number,
        lambda n, p: target_of(board, n, p),
    )
    if told:
        live.note("coordinators_told", str(told))


def target_of(board: Switchboard, notice: Notice, person: Person) -> dict[str, object]:
    """Return where and how a notice goes out: a text without content, or a call that asks for a key."""
    if notice.channel == Channel.TEXT:
        local = notice.about.astimezone(board.profile.service.timezone).time()
        language = board.profile.service.staff_language
        words: dict[str, Value] = {"time": local, "line": board.line_number}
        body = board.staff_wording.write(language, f"sms.{notice.kind}", words)
        return {"number": person.phone, "body": body, "status_url": board.urls.notice_status(notice.id)}
    return {
        "number": person.phone,
        "answer_url": board.urls.notice(notice.id, f"{notice.attempts}.0", "start"),
        "status_url": board.urls.notice_status(notice.id),
        "seconds": board.ring_seconds,
    }
