"""On which Monday does somebody hear of shifts that changed?"""

from datetime import datetime

from tests.stories.conftest import ROME

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ROME)
