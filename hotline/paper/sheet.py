"""How is a page drawn that is read at three in the morning and filled in with a biro?"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from hotline.errors import HotlineError

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Atkinson"
MARGIN = 14.0
LOWEST = 286.0
"""Millimetres from the top at which the words of a page must have ended."""
WIDTH = 210.0 - 2 * MARGIN
INK = (24, 28, 32)
QUIET = (96, 104, 112)
DEEP = (11, 79, 92)
PALE = (231, 240, 242)
ALARM = (176, 32, 36)
PALE_ALARM = (252, 236, 234)
RULE = (150, 160, 166)
_LABEL = 37.0
_BOX = 3.4


class Sheet(FPDF):
    """An A4 booklet in one typeface, with a title on every page and a line below."""

    def __init__(self, service: str, line: str, printed_on: date) -> None:
        super().__init__("portrait", "mm", "A4")
        self.add_font(FAMILY, "", FONTS / "AtkinsonHyperlegible-Regular.ttf")
        self.add_font(FAMILY, "B", FONTS / "AtkinsonHyperlegible-Bold.ttf")
        self.set_margins(MARGIN, 12, MARGIN)
        self.set_auto_page_break(False)
        self.set_title(f"{service}: carta per quando il sistema non va")
        self.set_lang("it-IT")
        self.set_creation_date(datetime.combine(printed_on, time(), UTC))
        self._service, self._line, self._printed_on = service, line, printed_on
        self._title = ""

    def printed(self) -> bytes:
        """Return the booklet as a PDF, fonts let go; raise HotlineError when a page was too short."""
        try:
            return bytes(self.output())
        finally:
            for font in self.fonts.values():
                if isinstance(font, TTFFont):
                    font.ttfont.close()

    def begin(self, title: str, subtitle: str) -> None:
        """Start a page with its title."""
        self.add_page()
        self._title = title
        self.set_fill_color(*DEEP)
        self.rect(0, 0, 210, 24, style="F")
        self.set_xy(MARGIN, 5.5)
        self.pen(17, bold=True, ink=(255, 255, 255))
        self.cell(120, 8, title)
        self.set_xy(MARGIN, 13.5)
        self.pen(9.5, ink=(214, 230, 233))
        self.cell(120, 5, subtitle)
        self.set_xy(110, 5.5)
        self.pen(17, bold=True, ink=(255, 255, 255))
        self.cell(100 - MARGIN, 8, self._line, align="R")
        self.set_xy(110, 13.5)
        self.pen(9.5, ink=(214, 230, 233))
        self.cell(100 - MARGIN, 5, self._service, align="R")
        self.set_xy(MARGIN, 28)

    def footer(self) -> None:
        """Say which page this is and when it was printed; raise HotlineError when the page was too short."""
        if self.get_y() > LOWEST:
            raise HotlineError(
                f"the page {self._title!r} does not fit A4: the profile lists more than it can hold"
            )
        self.set_xy(MARGIN, 287)
        self.pen(8, ink=QUIET)
        self.cell(WIDTH / 2, 4, f"{self._title} · stampata il {self._printed_on:%d/%m/%Y}")
        self.cell(WIDTH / 2, 4, f"pagina {self.page_no()}", align="R")

    def pen(self, size: float, bold: bool = False, ink: tuple[int, int, int] = INK) -> None:
        """Choose how the next words look."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*ink)

    def section(self, title: str, hint: str = "") -> None:
        """Begin a part of the page."""
        self.set_y(self.get_y() + 2.2)
        self.set_fill_color(*PALE)
        self.rect(MARGIN, self.get_y(), WIDTH, 6, style="F")
        self.set_fill_color(*DEEP)
        self.rect(MARGIN, self.get_y(), 1.4, 6, style="F")
        self.set_x(MARGIN + 3.5)
        self.pen(10.5, bold=True, ink=DEEP)
        self.cell(self.get_string_width(title) + 3, 6, title)
        self.pen(8.5, ink=QUIET)
        self.cell(0, 6, hint)
        self.set_xy(MARGIN, self.get_y() + 8.0)

    def blanks(self, *fields: tuple[str, float], height: float = 10.0) -> None:
        """Draw one row of labelled lines to write on; the numbers share out the width."""
        left, top = MARGIN, self.get_y()
        whole = sum(share for _, share in fields)
        self.set_draw_color(*RULE)
        for label, share in fields:
            width = WIDTH * share / whole
            self.set_xy(left, top)
            self.pen(8, ink=QUIET)
            self.cell(width, 3.2, label)
            self.line(left + 1, top + height - 1, left + width - 3, top + height - 1)
            left += width
        self.set_xy(MARGIN, top + height + 0.6)

    def choices(self, label: str, options: Sequence[str], columns: int = 0) -> None:
        """Draw a question with boxes to tick; with `columns` they stand in a grid."""
        top = self.get_y()
        self.set_xy(MARGIN, top)
        self.pen(9, bold=True)
        self.multi_cell(_LABEL - 2, 4.4, label, align="L")
        below_label = self.get_y()
        left, right = MARGIN + _LABEL, MARGIN + WIDTH
        column = (right - left) / columns if columns else 0.0
        x, y = left, top
        self.pen(9)
        for option in options:
            width = column or _BOX + 1.4 + self.get_string_width(option) + 4.2
            if x + width > right + 0.5:
                x, y = left, y + 5.5
            self._tick_box(x, y + 0.5)
            self.set_xy(x + _BOX + 0.9, y)
            self.cell(width - _BOX - 1, 4.4, option)
            x += width
        self.set_xy(MARGIN, max(below_label, y + 4.4) + 1.7)

    def _tick_box(self, x: float, y: float) -> None:
        self.set_draw_color(*INK)
        self.set_line_width(0.25)
        self.rect(x, y, _BOX, _BOX)
        self.set_line_width(0.2)

    def lines_to_write(self, count: int, gap: float = 7.4) -> None:
        """Draw empty lines for free words."""
        self.set_draw_color(*RULE)
        for _ in range(count):
            y = self.get_y() + gap
            self.line(MARGIN + 1, y, MARGIN + WIDTH - 1, y)
            self.set_y(y)
        self.set_xy(MARGIN, self.get_y() + 1.5)

    def callout(self, title: str, words: str, alarm: bool = False) -> None:
        """Draw a frame that the eye finds first."""
        top = self.get_y()
        self.pen(9.5)
        lines = self.multi_cell(
            WIDTH - 10, 4.7, words, dry_run=True, output=MethodReturnValue.LINES, align="L"
        )
        height = 9.2 + 4.7 * len(cast("list[str]", lines))
        self.set_fill_color(*(PALE_ALARM if alarm else PALE))
        self.rect(MARGIN, top, WIDTH, height, style="F", round_corners=True, corner_radius=1.5)
        self.set_xy(MARGIN + 5, top + 2)
        self.pen(11, bold=True, ink=ALARM if alarm else DEEP)
        self.cell(WIDTH - 10, 5, title)
        self.set_xy(MARGIN + 5, top + 7.4)
        self.pen(9.5)
        self.multi_cell(WIDTH - 10, 4.7, words, align="L")
        self.set_xy(MARGIN, top + height + 2)

    def keys(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Draw keys of a telephone, each with what it does and when it is meant."""
        for key, does, when in rows:
            top = self.get_y()
            self.set_fill_color(*DEEP)
            wide = max(9.0, 5.0 + 3.0 * len(key))
            self.rect(MARGIN + 1, top + 0.3, wide, 7.2, style="F", round_corners=True, corner_radius=1.4)
            self.set_xy(MARGIN + 1, top + 0.3)
            self.pen(13, bold=True, ink=(255, 255, 255))
            self.cell(wide, 7.2, key, align="C")
            self.set_xy(MARGIN + 18, top + 0.3)
            self.pen(10.5, bold=True)
            self.cell(56, 7.2, does)
            self.pen(9.5, ink=QUIET)
            self.set_xy(MARGIN + 74, top + 0.3)
            self.cell(WIDTH - 74, 7.2, when)
            self.set_xy(MARGIN, top + 9.2)

    def words(self, text: str, size: float = 9.5, quiet: bool = False) -> None:
        """Write a paragraph."""
        self.pen(size, ink=QUIET if quiet else INK)
        self.multi_cell(WIDTH, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_y(self.get_y() + 1.2)
