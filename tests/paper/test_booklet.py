"""Does the paper say what a shift needs when every screen is dark, on pages that hold it all?"""

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.cli import app
from hotline.errors import HotlineError
from hotline.ivr.flows.main_v1 import responder_flow
from hotline.ivr.prompts import STAFF, load_wording
from hotline.paper.booklet import booklet
from hotline.paper.card import AFTER, ROOM, WHISPER, with_keys
from hotline.paper.sheet import FONTS, Sheet
from hotline.profile import SHIPPED, Profile, load_profile
from tests.conftest import skip_or_fail

TODAY = date(2026, 11, 22)


@pytest.fixture(params=["iglesias", "valdombra"])
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(SHIPPED / request.param)


def printed(profile: Profile) -> bytes:
    own = profile.wording_folder
    staff = load_wording(STAFF, own / "staff" if own else None, profile.service.staff_language)
    return booklet(profile, staff, TODAY)


def words_of(pdf: bytes, folder: Path) -> str:
    """Read the words back with another program than the one that wrote them."""
    if shutil.which("pdftotext") is None:
        skip_or_fail("pdftotext is not installed (apt install poppler-utils)", "REQUIRE_POPPLER")
    file = folder / "booklet.pdf"
    file.write_bytes(pdf)
    read = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return read.stdout


def test_booklet_has_the_card_the_numbers_and_both_sides_of_the_form(
    profile: Profile, tmp_path: Path
) -> None:
    pages = words_of(printed(profile), tmp_path).split("\f")
    titles = [page.split("\n")[0].split("   ")[0].strip() for page in pages if page.strip()]
    assert titles == [
        "La carta di chi risponde",
        "Numeri da dare a voce",
        "Scheda di primo contatto",
        "Scheda di primo contatto",
    ]


def test_every_number_and_municipality_of_the_profile_is_printed(profile: Profile, tmp_path: Path) -> None:
    words = words_of(printed(profile), tmp_path)
    for useful in profile.numbers:
        assert useful.number in words
        assert useful.name in words
    for municipality in profile.municipalities:
        assert municipality in words


def test_number_that_nobody_checked_says_so(tmp_path: Path) -> None:
    profile = load_profile()
    words = words_of(printed(profile), tmp_path)
    unchecked = [useful for useful in profile.numbers if useful.verified_on is None]
    assert len(re.findall(r"da verificare\s+_", words)) == len(unchecked)


def test_form_asks_what_the_first_contact_form_asks(tmp_path: Path) -> None:
    words = words_of(printed(load_profile()), tmp_path)
    for asked in (
        *(
            "Segnalante",
            "numero sicuro",
            "Si può chiamare",
            "Si può scrivere",
            "Informativa data",
            "interprete",
        ),
        *("Dove si trova", "residenza", "Sesso", "Età", "Vive", "Cittadinanza", "Alloggio"),
        *("Gravità", "EMERGENZA", "DIFFERIBILE", "Chi minaccia è lì", "Sta male", "Autosufficiente"),
        "SCHEDA",
        *("Qualcuno vicino", "Già nota a", "assistente sociale avvisata", "Numeri dati", "Esito", "Consegne"),
    ):
        assert asked in words, asked


def test_card_shows_the_keys_that_the_call_flow_uses(profile: Profile) -> None:
    keys = responder_flow(profile).spoken_keys
    assert [row[0] for row in with_keys(WHISPER, keys)] == [keys["key_accept"], keys["key_pass"]]
    for rows in (ROOM, AFTER):
        for name, usual, _, _ in rows:
            assert keys.get(name, usual) == usual, f"the card's own key for {name} is out of date"


def test_page_that_cannot_hold_its_words_is_refused() -> None:
    sheet = Sheet("Servizio", "0781 33000", TODAY)
    sheet.begin("Prova", "")
    sheet.lines_to_write(60)
    with pytest.raises(HotlineError, match="does not fit A4"):
        sheet.printed()


def test_font_comes_with_its_licence_and_is_small() -> None:
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text()
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 200_000


def test_command_writes_a_small_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["paper", "carta.pdf"])
    assert done.exit_code == 0, done.output
    pdf = (tmp_path / "carta.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(pdf) < 200_000
    assert not re.search(rb"/JavaScript|/URI", pdf)


def test_starting_the_service_does_not_load_the_printer() -> None:
    code = "import sys, hotline.cli; sys.exit('fpdf' in sys.modules)"
    root = SHIPPED.parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert done.returncode == 0
