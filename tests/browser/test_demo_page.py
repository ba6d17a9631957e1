"""Can somebody who has never seen the hotline play a call in the browser, on a laptop and on a phone?"""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.xdist_group("browser")]
Open = Callable[..., Any]
SOON = 20_000
"""Milliseconds within which what must happen has happened, also on a busy machine."""


def phone(page: Any, who: str) -> Any:
    return page.locator(f"#phone-{who}")


def wait_for(page: Any, who: str, state: str) -> None:
    page.wait_for_selector(f"#phone-{who}[data-state={state}]", timeout=SOON)


def press(page: Any, who: str, key: str) -> None:
    phone(page, who).locator(f"[data-key='{key}']").click()


def dial_about_a_bed(page: Any) -> None:
    phone(page, "caller").locator(".dial").click()
    wait_for(page, "caller", "line")
    phone(page, "caller").get_by_text("Pronto Intervento Sociale di Iglesias").wait_for(timeout=SOON)
    press(page, "caller", "4")


def hears(page: Any, who: str, words: str) -> None:
    page.wait_for_function(
        "([who, words]) => document.querySelector(`#phone-${who} .captions`).innerText"
        ".replace(/\\s+/g, ' ').includes(words)",
        arg=[who, words],
        timeout=SOON,
    )


def has_focus(page: Any, who: str) -> None:
    # Not by an expression of ours: the page's policy lets none be evaluated a second time.
    phone(page, who).locator("*:focus").wait_for(timeout=SOON)


def nothing_serious(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    grave = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert not grave


def test_caller_talks_with_anna_who_pressed_one(open_page: Open) -> None:
    page = open_page()
    assert "premi «Chiama»" in page.locator("#hint").inner_text()

    dial_about_a_bed(page)
    wait_for(page, "anna", "ringing")
    wait_for(page, "bruno", "ringing")
    phone(page, "anna").locator(".answer").click()
    hears(page, "anna", "Letto, pasto")
    press(page, "anna", "1")

    for who in ("caller", "anna"):
        wait_for(page, who, "talking")
        assert phone(page, who).locator(".status").inner_text() == "In conversazione"
    wait_for(page, "bruno", "idle")
    page.locator("#talks", has_text="Parla con Anna").wait_for(timeout=SOON)
    page.locator("#timeline", has_text="Anna preme 1: accetta").wait_for(timeout=SOON)
    nothing_serious(page)

    phone(page, "caller").locator(".hang-up").click()
    hears(page, "anna", "La telefonata è finita")
    press(page, "anna", "1")
    hears(page, "anna", "Segnato")
    wait_for(page, "anna", "idle")
    page.locator("#timeline", has_text="ha parlato con una persona").wait_for(timeout=SOON)


def test_social_worker_rings_at_once_when_both_volunteers_decline(open_page: Open) -> None:
    page = open_page()
    dial_about_a_bed(page)
    for who in ("anna", "bruno"):
        wait_for(page, who, "ringing")
        phone(page, who).locator(".decline").click()

    wait_for(page, "lucia", "ringing")
    assert phone(page, "carla").get_attribute("data-state") == "idle"
    phone(page, "lucia").locator(".answer").click()
    hears(page, "lucia", "Nessun volontario ha risposto")
    press(page, "lucia", "1")
    wait_for(page, "caller", "talking")


def test_voicemail_never_swallows_a_call(open_page: Open) -> None:
    page = open_page()
    dial_about_a_bed(page)
    wait_for(page, "bruno", "ringing")
    phone(page, "bruno").locator(".voicemail").click()

    hears(page, "bruno", "una persona aspetta")
    assert phone(page, "bruno").locator(".status").inner_text() == "Segreteria telefonica"
    assert phone(page, "caller").get_attribute("data-state") == "line"
    assert phone(page, "anna").get_attribute("data-state") == "ringing"

    phone(page, "caller").locator(".hang-up").click()
    wait_for(page, "anna", "idle")
    wait_for(page, "bruno", "idle")


def test_at_night_violence_rings_the_social_worker_at_once(open_page: Open) -> None:
    page = open_page()
    first_tier = page.locator(".tier").first
    page.locator("#category").select_option("VIO")
    assert "volontari" in first_tier.inner_text()

    page.locator("#turn").click()
    page.wait_for_selector("html[data-sky=night]", timeout=SOON)
    assert page.locator("#time").inner_text() == "03:10"
    page.locator(".tier", has_text="assistente sociale").and_(first_tier).wait_for(timeout=SOON)
    nothing_serious(page)

    phone(page, "caller").locator(".withheld input").check()
    phone(page, "caller").locator(".dial").click()
    wait_for(page, "caller", "line")
    press(page, "caller", "1")
    wait_for(page, "lucia", "ringing")
    page.locator("#facts", has_text="numero nascosto").wait_for(timeout=SOON)
    assert page.locator("#turn").is_disabled()


def test_everything_can_be_done_with_the_keyboard(open_page: Open) -> None:
    page = open_page()
    phone(page, "caller").locator(".dial").focus()
    page.keyboard.press("Enter")
    wait_for(page, "caller", "line")
    has_focus(page, "caller")
    hears(page, "caller", "Pronto Intervento")
    page.keyboard.press("4")
    wait_for(page, "anna", "ringing")
    phone(page, "anna").locator(".answer").focus()
    page.keyboard.press("Enter")
    hears(page, "anna", "una persona aspetta")
    has_focus(page, "anna")
    page.keyboard.press("1")
    wait_for(page, "caller", "talking")
    has_focus(page, "anna")
    phone(page, "anna").locator(".hang-up").focus()
    page.keyboard.press("Enter")
    wait_for(page, "anna", "idle")
    has_focus(page, "anna")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_screen_shows_one_telephone_and_calls_for_the_ringing_one(open_page: Open, scheme: str) -> None:
    page = open_page(390, 844, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    nothing_serious(page)

    dial_about_a_bed(page)
    wait_for(page, "anna", "ringing")
    page.locator("#nudge").click()
    page.wait_for_selector("#tabs [aria-current=true]:has-text('Anna')", timeout=SOON)
    page.wait_for_selector("#nudge", state="hidden", timeout=SOON)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    nothing_serious(page)


def test_laptop_shows_everything_without_scrolling(open_page: Open) -> None:
    page = open_page()
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1280, 800]
    heights = page.evaluate("[...document.querySelectorAll('.phone')].map((each) => each.offsetHeight)")
    assert len(set(heights)) == 1


def test_page_says_when_the_demo_was_stopped(browser: Any) -> None:
    from hotline.demo.server import Demo

    with Demo() as demo:
        context = browser.new_context()
        page = context.new_page()
        page.goto(demo.address)
        page.wait_for_selector("#phone-carla")
    page.locator("#hint.trouble").wait_for(timeout=SOON)
    context.close()
