"""What does a caller hear before anybody answers, and how soon does the first phone ring?"""

from collections.abc import Callable

from hotline.simulator.phones import Phone, Town
from tests.stories.records import Record


def test_the_danger_sentence_ends_within_ten_seconds(caller: Phone, town: Town, anna: Phone) -> None:
    dialled = caller.dials().started_at
    heard = caller.hears("riagganci e chiami l'uno uno due", within=10)
    assert (heard - dialled).total_seconds() <= 10
