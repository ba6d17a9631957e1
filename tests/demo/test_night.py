"""Does the README's first command play a whole night call, quickly and readably?"""

import pytest

from hotline.clock import stopwatch
from hotline.demo.night import play_night


@pytest.fixture(scope="module")
def played() -> tuple[int, str, float]:
    """Play once; return the exit code, the whole play and the real seconds it took."""
    lines: list[str] = []
    began = stopwatch()
    code = play_night(lines.append)
    return code, "\n".join(lines), stopwatch() - began


def in_order(text: str, *parts: str) -> bool:
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
    return True


def test_night_call_is_played_until_the_social_worker_takes_it(played: tuple[int, str, float]) -> None:
    code, play, seconds = played

    assert code == 0
    assert seconds < 20
    assert in_order(
        play,
        "Caller dials the line",
        "«Pronto Intervento Sociale di Iglesias. Se qualcuno è in pericolo adesso",
        "Anna's phone rings",
        "Bruno's voicemail answers",
        "una persona aspetta",
        "Lucia's phone rings",
        "Lucia presses 1",
        "«Le rispondono adesso.»",
        "Caller and Lucia talk.",
        "Caller hangs up",
    )
    assert "Carla" not in play, "the coordinator sleeps while the social worker answers"


def test_night_call_ends_with_what_the_service_keeps(played: tuple[int, str, float]) -> None:
    _, play, _ = played
    kept = play[play.index("What the service keeps") :]

    assert in_order(
        kept,
        "Anna (volunteer) is rung: nobody answers.",
        "Bruno (volunteer) is rung: voicemail answers and presses no key.",
        "Lucia (social worker) is rung: answers and presses 1.",
        "Caller and Lucia talk for 6 min 12 s.",
        "The call is over: answered.",
    )


def test_play_fits_a_terminal_and_carries_no_escape_codes_into_a_file(played: tuple[int, str, float]) -> None:
    _, play, _ = played

    assert "\x1b" not in play
    assert max(map(len, play.splitlines())) <= 100
