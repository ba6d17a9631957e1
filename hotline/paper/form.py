"""What is asked on the first-contact form, in the order of a telephone call?"""

from collections.abc import Sequence

from hotline.paper.sheet import Sheet

TITLE = "Scheda di primo contatto"
YES_NO = ("sì", "no", "non so")
REPORTERS = (
    *("interessato/a", "familiare", "conoscente o vicino/a", "cittadino/a", "forze dell'ordine"),
    *(
        "pronto soccorso, ospedale",
        "servizio sociale",
        "scuola",
        "ETS, parrocchia",
        "altro ente",
        "non dichiarato",
    ),
)
OTHER_NEEDS = (
    *("calamità, evento improvviso", "tratta, sfruttamento", "disagio psichico"),
    *("solo salute", "chiamata muta o caduta", "altro"),
)
OUTCOMES = (
    *("risolta al telefono", "orientata a Centro Servizi", "numero specializzato", "112 attivato"),
    *("intervento AS telefonico", "intervento AS sul posto", "collocamento", "beni di prima necessità"),
    *(
        "segnalata al servizio sociale",
        "già in carico, avvisato",
        "rifiuto dell'aiuto",
        "irreperibile",
    ),
    *("non di competenza", "fuori ambito", "muta, caduta, scherzo"),
)


def draw_form(
    sheet: Sheet, municipalities: Sequence[str], needs: Sequence[str], numbers: Sequence[str]
) -> None:
    """Draw both sides of the form."""
    sheet.begin(TITLE, "Davanti: chi chiama e dove. Nessun nome è obbligatorio.")
    _call(sheet)
    _danger(sheet)
    _caller(sheet)
    _person(sheet, municipalities)
    sheet.begin(TITLE, "Dietro: il bisogno, i fatti, che cosa è stato fatto.")
    _need(sheet, needs)
    _done(sheet, numbers)
    _handed_over(sheet)


def _call(sheet: Sheet) -> None:
    sheet.section("1 · La telefonata")
    sheet.blanks(
        ("data", 2),
        ("squillo, ore", 1.6),
        ("risposta, ore", 1.6),
        ("fine, ore", 1.6),
        ("chi risponde (sigla)", 2.6),
    )
    sheet.choices("Canale", ("telefono", "SMS", "sportello", "e-mail", "inviata da altri"))
    sheet.choices("Difficoltà", ("nessuna", "persona sorda", "sente poco", "non può parlare"))
    sheet.blanks(("lingua", 2), ("interprete: chi, da che ora", 4))


def _danger(sheet: Sheet) -> None:
    sheet.callout(
        "Prima domanda: «È al sicuro adesso?»",
        "Se c'è pericolo: «Riagganci e chiami l'uno uno due.» Il 112 localizza il telefono di chi chiama. "
        "Se non può farlo, resta in linea e chiama il 112 da un secondo telefono: luogo, numero, fatti.",
        alarm=True,
    )
    sheet.choices("Pericolo adesso", YES_NO)
    sheet.choices("Chi minaccia è lì", YES_NO)
    sheet.choices("Può parlare", ("sì, liberamente", "solo sì e no", "no"))
    sheet.choices("È sola, solo", ("sì", "no, con:", "ci sono minori: quanti"))


def _caller(sheet: Sheet) -> None:
    sheet.section("2 · Chi chiama", "può non dire il nome")
    sheet.choices("Segnalante", REPORTERS)
    sheet.blanks(("nome (facoltativo)", 3), ("ente (se chiama per un ente)", 3))
    sheet.blanks(("numero sicuro a cui richiamare", 3), ("in quali orari", 2))
    sheet.choices("Si può chiamare", ("sì", "no", "solo in quegli orari", "non chiesto: vale no"))
    sheet.choices("Si può scrivere", ("sì", "no", "non chiesto: vale no"))
    sheet.choices("Informativa data", ("a voce", "per SMS", "allo sportello", "non data"))


def _person(sheet: Sheet, municipalities: Sequence[str]) -> None:
    sheet.section("3 · La persona", "se è un'altra da chi chiama")
    sheet.choices("Dove si trova", (*municipalities, "fuori ambito", "ignoto"))
    sheet.blanks(("luogo, via, punto di riferimento", 4), ("residenza (Comune)", 2))
    sheet.blanks(("nome (solo se serve all'aiuto)", 3), ("nascita (solo se serve)", 2))
    sheet.choices("Sesso", ("F", "M", "altro, non dichiarato"))
    sheet.choices("Età", ("0-13", "14-17", "18-29", "30-44", "45-64", "65-74", "75+", "ignota"))
    sheet.choices("Vive", ("da sola, solo", "in coppia", "unico genitore", "con minori", "altro"))
    sheet.choices("Cittadinanza", ("italiana", "UE", "extra UE", "apolide", "ignota"))
    sheet.choices(
        "Alloggio",
        (
            "strada",
            "dormitorio",
            "ospite",
            "precario, sfratto",
            "inadeguato",
            "abitazione",
            "struttura",
            "ignoto",
        ),
    )


def _need(sheet: Sheet, needs: Sequence[str]) -> None:
    sheet.section("4 · Il bisogno", "cerchia il principale, segna gli altri")
    sheet.choices("Di che cosa si tratta", (*needs, *OTHER_NEEDS), columns=3)
    sheet.choices("Gravità", ("EMERGENZA", "URGENZA", "DIFFERIBILE", "INFORMAZIONE", "NON DI COMPETENZA"))
    sheet.words(
        "Nel dubbio, il livello più alto. EMERGENZA: pericolo adesso. "
        "URGENZA: non può aspettare l'apertura degli uffici.",
        8.5,
        quiet=True,
    )
    sheet.choices("Sta male", ("sì (nessuna diagnosi)", "no", "non so"))
    sheet.choices("Autosufficiente", YES_NO)
    sheet.choices("Qualcuno vicino", ("rete presente", "assente", "ignota"))
    sheet.choices(
        "Già nota a", ("servizio sociale", "CSM", "SerD", "consultorio", "centro antiviolenza", "altro")
    )
    sheet.section("5 · I fatti", "solo fatti utili, parole semplici; niente nomi di terzi")
    sheet.lines_to_write(6)


def _done(sheet: Sheet, numbers: Sequence[str]) -> None:
    sheet.section("6 · Che cosa è stato fatto")
    sheet.blanks(
        ("assistente sociale avvisata, ore", 2),
        ("raggiunta, ore", 2),
        ("112 chiamato, ore", 2),
        ("da chi", 1.6),
    )
    sheet.choices("Numeri dati", numbers, columns=3)
    sheet.choices("Esito", OUTCOMES, columns=3)


def _handed_over(sheet: Sheet) -> None:
    sheet.section("7 · Consegne al turno dopo", "che cosa resta da fare, entro quando")
    sheet.lines_to_write(2)
    sheet.blanks(
        ("chiusa il, ore", 2), ("sigla di chi ha risposto", 2), ("sigla di chi riceve le consegne", 2.4)
    )
    sheet.words(
        "Questa scheda contiene dati di persone fragili: tienila con te fino a fine turno, consegnala a mano "
        "all'assistente sociale, non fotografarla e non mandarla per messaggio. Quando è scritta, dillo: "
        "con un SMS di una parola sola, SCHEDA, oppure a chi coordina.",
        8.5,
        quiet=True,
    )
