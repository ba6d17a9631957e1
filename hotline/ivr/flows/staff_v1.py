"""What happens behind `*` from a responder's own number, and when they return a call that they missed?"""
# ruff: noqa: E501 - one node is one line, so that a call can be read as a table

from collections.abc import Mapping

from hotline.ivr.nodes import (
    NO_NUMBER,
    TYPED,
    CallColleague,
    CheckIn,
    CheckOut,
    ChooseShift,
    Flow,
    Go,
    Node,
    OfferShift,
    OpenDoor,
    Position,
    Say,
    StepDown,
    TakeOwed,
    TakeShift,
    table,
)
from hotline.profile import Profile

STAFF, OVER = Position.STAFF, Position.OVER

OFFERABLE, OFFER_SURE, TAKE_SURE, OFFER_SAID = "offer.which", "offer.sure", "offer.take", "offer.said"
STATUS, CHOICES, NEXT_SHIFTS, SAID = "staff.status", "staff.choices", "staff.next", "staff.said"
HANDOVER, NOTES, CALLING = "staff.handover_keys", "staff.notes", "staff.calling"
PRESENT, LEAVING = "staff.present", "staff.leaving"
ONE_OF: Mapping[str, tuple[tuple[str, ...], int]] = {
    STATUS: (("staff.until", "staff.alone", "staff.withdrawn", "staff.off_duty"), 1),
    CHOICES: (
        (
            *("staff.follow_ups", "staff.cannot", "staff.can_again", "staff.check_in", "staff.check_out"),
            *("staff.shifts", "staff.offer", "staff.handover", "staff.note_waits", "staff.take"),
        ),
        7,
    ),
    NEXT_SHIFTS: (("staff.shift", "staff.shift_long", "staff.no_shifts"), 3),
    HANDOVER: (("staff.hear_notes", "staff.speak_next", "staff.speak_before", "staff.no_handover"), 2),
    CALLING: (("staff.calling_next", "staff.calling_before"), 1),
    NOTES: (("staff.note", "staff.no_notes"), 1),
    PRESENT: (("staff.here", "staff.not_here"), 1),
    LEAVING: (("staff.left", "staff.left_early", "staff.off_duty"), 1),
    OFFERABLE: (("staff.offer_first", "staff.offer_second", "staff.offer_third", "staff.no_shifts"), 3),
    OFFER_SURE: (("staff.offer_sure",), 1),
    TAKE_SURE: (("staff.take_sure", "staff.trade_sure"), 1),
    OFFER_SAID: (
        (
            *("staff.offer_done", "staff.offer_known", "cover.offer_yours"),
            *("cover.offer_refused", "cover.offer_over", "cover.taken"),
        ),
        1,
    ),
    SAID: (("staff.cannot_done", "staff.cannot_last", "staff.off_duty"), 1),
}
"""What stands for several prompts of which the live call chooses, and how many are said at most."""

AS_CALLER = frozenset({"as_caller", "locked", "no_code"})
"""Here whoever called is a caller like any other, and phones ring at once."""

GREETED = "greeted"
"""Here they are greeted like any other caller."""


def staff_flow(_profile: Profile) -> Flow:
    """Return the staff door: a PIN, then what a member of staff can ask and do; and a missed call returned."""
    as_caller, again = Go("as_caller"), Go("inside_again")
    typing = {TYPED: Go("inside", (OpenDoor(),)), NO_NUMBER: Go("code_again")}
    menu = {
        "1": Go("owed", (TakeOwed(),)),
        "2": Go("cannot_sure"),
        "3": Go("shifts"),
        "4": Go("offer_which"),
        "5": Go("handover"),
        "6": Go("here", (CheckIn(),)),
        "7": Go("leaving", (CheckOut(),)),
        "8": Go("take_sure"),
    }
    which = {str(place): Go("offer_sure", (ChooseShift(place),)) for place in (1, 2, 3)}
    offer, take = {"4": Go("offer_done", (OfferShift(),))}, {"8": Go("offer_done", (TakeShift(),))}
    sure = {"2": Go("cannot_done", (StepDown(),))}
    consigning = {"1": Go("notes"), "2": Go("talk", (CallColleague(),))}
    choices = (Say(CHOICES),)
    greeted, star = Go(GREETED), {"*": Go("code")}
    return Flow(
        "staff",
        1,
        start="code",
        human="code",
        entered=frozenset({"locked", "no_code", "nothing_owed", "back", "answered", "quiet", "waiting", "nobody_free", "not_reached"}),
        nodes=table(
            Node("code", STAFF, (Say("staff.code"),), 6, typing, as_caller, as_caller, typing=True),
            Node("code_again", STAFF, (Say("staff.wrong_code"),), 6, typing, as_caller, as_caller, typing=True),
            # no PIN, or three wrong ones: whoever it is must still reach a person
            Node("locked", STAFF, (Say("staff.locked"),)),
            Node("no_code", STAFF, (Say("staff.no_code"),)),
            Node("as_caller", STAFF, (Say("staff.as_caller"),)),
            # inside
            Node("inside", STAFF, (Say(STATUS), *choices), 4, menu, again, again),
            Node("inside_again", STAFF, choices, 8, menu, Go("bye"), Go("bye")),
            Node("owed", STAFF),
            Node("nothing_owed", STAFF, (Say("staff.no_follow_ups"), *choices), 8, menu, again, again),
            Node("cannot_sure", STAFF, (Say("staff.cannot_sure"),), 8, sure, again, again),
            Node("cannot_done", OVER, (Say(SAID),)),
            Node("back", OVER, (Say("staff.back"),)),
            Node("shifts", STAFF, (Say(NEXT_SHIFTS),), 4, menu, again, again),
            # the hand-over: notes of others, and the colleague who goes or comes
            Node("handover", STAFF, (Say(HANDOVER),), 8, consigning, again, again),
            Node("notes", STAFF, (Say(NOTES), Say(HANDOVER)), 8, consigning, again, again),
            Node("talk", STAFF, (Say(CALLING),)),
            Node("nobody_free", STAFF, (Say("staff.nobody_free"), *choices), 8, menu, again, again),
            Node("not_reached", STAFF, (Say("staff.not_reached"), *choices), 8, menu, again, again),
            Node("here", STAFF, (Say(PRESENT), *choices), 8, menu, again, again),
            Node("leaving", STAFF, (Say(LEAVING),), 4, menu, again, again),
            # swaps: which of their shifts they offer to all, and one that they were asked for
            Node("offer_which", STAFF, (Say(OFFERABLE),), 8, which, again, again),
            Node("offer_sure", STAFF, (Say(OFFER_SURE),), 8, offer, again, again),
            Node("take_sure", STAFF, (Say(TAKE_SURE),), 8, take, again, again),
            Node("offer_done", OVER, (Say(OFFER_SAID),)),
            Node("bye", OVER, (Say("staff.bye"),)),
            # a missed call returned: no PIN, for nothing personal is said; who stays is a caller
            Node("answered", STAFF, (Say("missed.answered"),), 3, star, greeted, greeted),
            Node("quiet", STAFF, (Say("missed.quiet"),), 3, star, greeted, greeted),
            Node("waiting", STAFF, (Say("missed.waiting"),), 5, star, greeted, greeted),
            Node(GREETED, STAFF),
        ),
        spoken_keys={
            "key_follow_ups": "1", "key_cannot": "2", "key_shifts": "3", "key_offer": "4", "key_handover": "5",
            "key_check_in": "6", "key_check_out": "7", "key_take": "8", "key_hear": "1", "key_speak": "2",
            "key_first": "1", "key_second": "2", "key_third": "3",
        },
    )  # fmt: skip
