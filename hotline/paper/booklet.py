"""What goes into the folder by the telephone? The card, the numbers and the form, from the profile."""

from datetime import date

from hotline.ivr.flows.main_v1 import responder_flow
from hotline.ivr.prompts import Wording
from hotline.paper.card import draw_card
from hotline.paper.form import draw_form
from hotline.paper.numbers import draw_numbers
from hotline.paper.sheet import Sheet
from hotline.profile import Profile

_MOST_NUMBERS_TO_TICK = 12


def booklet(profile: Profile, staff: Wording, today: date) -> bytes:
    """Return the whole booklet as a PDF."""
    language = profile.service.staff_language
    name = profile.service.name.get(language, profile.service.name[profile.default_language])
    line = shown_number(profile.service.phone_number, profile.service.country)
    needs = [
        staff.write(language, f"topic.{category.code}", {}).rstrip(".")
        for category in profile.categories
        if not category.professional
    ]
    sheet = Sheet(name, line, today)
    draw_card(sheet, responder_flow(profile).spoken_keys, line)
    draw_numbers(sheet, profile.numbers, today)
    draw_form(
        sheet,
        profile.municipalities,
        needs,
        [useful.number for useful in profile.numbers[:_MOST_NUMBERS_TO_TICK]],
    )
    return sheet.printed()


def shown_number(number: str, country: str) -> str:
    """Return a number of this country as people there write it.

    >>> shown_number("+39078133000", "IT"), shown_number("+40210000000", "IT")
    ('0781 33000', '+40210000000')
    """
    if country != "IT" or not number.startswith("+39"):
        return number
    local = number.removeprefix("+39")
    return f"{local[:4]} {local[4:]}"
