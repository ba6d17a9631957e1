"""Which numbers are given by voice, what for, and when did a person last check them?"""

from collections.abc import Sequence
from datetime import date

from hotline.paper.sheet import ALARM, DEEP, MARGIN, QUIET, RULE, WIDTH, Sheet
from hotline.profile import UsefulNumber

TITLE = "Numeri da dare a voce"
_ROW = 17.0


def draw_numbers(sheet: Sheet, numbers: Sequence[UsefulNumber], today: date) -> None:
    """Draw the list, as many to a page as fit."""
    _begin(sheet)
    for useful in numbers:
        if sheet.get_y() + _ROW > 270:
            _begin(sheet)
        _draw(sheet, useful, today)
    sheet.set_y(sheet.get_y() + 2)
    sheet.words(
        "I numeri verdi 800 possono non funzionare da alcune SIM: dai anche un numero normale. Chi verifica "
        "un numero scrive qui la data e lo dice al coordinamento.",
        8.5,
        quiet=True,
    )


def verified(useful: UsefulNumber, today: date) -> tuple[str, bool]:
    """Return what is printed about the last check, and whether it is good enough.

    >>> verified(UsefulNumber("112", "", ""), date(2026, 11, 22))
    ('da verificare', False)
    >>> verified(UsefulNumber("112", "", "", verified_on=date(2026, 10, 1)), date(2026, 11, 22))
    ('verificato il 01/10/2026', True)
    >>> verified(UsefulNumber("112", "", "", verified_on=date(2099, 1, 1)), date(2026, 11, 22))
    ('da verificare', False)
    """
    if useful.verified_on is None or useful.verified_on > today:
        return "da verificare", False
    on = f"{useful.verified_on:%d/%m/%Y}"
    good = useful.is_verified(today)
    return f"verificato il {on}" if good else f"verificato il {on}: rifare", good


def _begin(sheet: Sheet) -> None:
    sheet.begin(TITLE, "Lentamente, due volte, a coppie di cifre. Li chiama la persona, non noi.")


def _draw(sheet: Sheet, useful: UsefulNumber, today: date) -> None:
    top = sheet.get_y()
    said, good = verified(useful, today)
    sheet.set_xy(MARGIN, top + 1.5)
    sheet.pen(15 if len(useful.number) < 12 else 13, bold=True, ink=DEEP)
    sheet.cell(40, 9, useful.number)
    sheet.set_xy(MARGIN + 42, top + 1)
    sheet.pen(10.5, bold=True)
    sheet.cell(WIDTH - 92, 5, useful.name)
    sheet.set_xy(MARGIN + 42, top + 6)
    sheet.pen(9)
    sheet.multi_cell(WIDTH - 94, 4, useful.purpose + _languages(useful), align="L")
    sheet.set_xy(MARGIN + WIDTH - 50, top + 1)
    sheet.pen(9.5, bold=True)
    sheet.cell(50, 5, useful.hours or "orario da verificare", align="R")
    sheet.set_xy(MARGIN + WIDTH - 50, top + 6)
    sheet.pen(8.5, bold=not good, ink=QUIET if good else ALARM)
    sheet.cell(50, 4, said if good else f"{said}  ____/____/____", align="R")
    sheet.set_draw_color(*RULE)
    sheet.line(MARGIN, top + _ROW - 0.7, MARGIN + WIDTH, top + _ROW - 0.7)
    sheet.set_xy(MARGIN, top + _ROW)


def _languages(useful: UsefulNumber) -> str:
    return f" ({', '.join(useful.languages)})" if useful.languages else ""
