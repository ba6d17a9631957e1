"""Which keys does somebody who answers need by heart, and what do they say first?"""

from collections.abc import Mapping, Sequence

from hotline.paper.sheet import Sheet

TITLE = "La carta di chi risponde"

WHISPER = (
    ("key_accept", "1", "rispondi", "la persona è subito con te"),
    ("key_pass", "2", "passa ad altri", "puoi ripensarci: 1, entro 4 secondi"),
)
ROOM = (
    ("key_social_worker", "1", "entra l'assistente sociale", "tu torni subito con la persona"),
    ("key_hand_over", "2", "passi la chiamata ed esci", "quando l'altra voce è arrivata"),
    ("key_back", "3", "torni con la persona", "anche senza premere niente, dopo 6 secondi"),
    ("key_112", "4", "serve il 112", "un collega ascolta l'indirizzo e chiama dal suo telefono"),
    ("key_interpreter", "5", "entra un interprete", "dall'elenco del servizio"),
    ("key_private", "6", "due parole da soli", "con l'assistente sociale, al massimo un minuto"),
    ("key_end", "9", "chiudi la telefonata", "te lo chiede ancora una volta"),
)
AFTER = (
    ("key_done", "1", "conclusa", ""),
    ("key_now", "2", "serve subito l'assistente sociale", ""),
    ("key_tomorrow", "3", "serve domani", ""),
    ("key_mute", "4", "muta, errore o scherzo", ""),
    ("key_heavy", "5", "è stata pesante", "domani qualcuno ti telefona"),
)

Row = tuple[str, str, str, str]


def with_keys(rows: Sequence[Row], keys: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return key, deed and remark of each row, with the digits that the call flow really uses.

    >>> with_keys([("key_accept", "1", "rispondi", "")], {"key_accept": "7"})
    [('7', 'rispondi', '')]
    """
    return [(keys.get(name, usual), does, when) for name, usual, does, when in rows]


def draw_card(sheet: Sheet, keys: Mapping[str, str], line: str) -> None:
    """Draw the card."""
    sheet.begin(TITLE, "Da tenere vicino al telefono, di notte.")
    sheet.section("Il telefono squilla", f"si vede {line}; una voce dice di che si tratta e in che lingua")
    sheet.keys(with_keys(WHISPER, keys))
    sheet.callout(
        "Le prime parole",
        "«Pronto, sono qui. È al sicuro adesso? Può parlare? Da dove chiama? Se cade la linea posso "
        "richiamarla, e a quale numero?» Ascolta, non giudicare, non promettere un letto né il segreto.",
    )
    sheet.callout(
        "Pericolo adesso",
        "«Riagganci e chiami l'uno uno due.» Se non può: resta in linea, premi * e poi "
        f"{keys.get('key_112', '4')}, oppure chiama tu il 112 da un secondo telefono.",
        alarm=True,
    )
    sheet.section("Mentre parli: premi *", "la persona aspetta pochi secondi e una voce glielo dice")
    sheet.keys(with_keys(ROOM, keys))
    sheet.section("Dopo: la persona ha riagganciato", "oppure riaggancia anche tu: la scheda ti aspetta")
    sheet.keys(with_keys(AFTER, keys))
    sheet.section("Se il sistema non va")
    sheet.words(
        "Il telefono può squillare senza la solita voce: premi un tasto qualsiasi e rispondi. L'asterisco "
        "allora non funziona. Scrivi sulla scheda di carta, chiama tu l'assistente sociale, e dai i numeri "
        "di questo fascicolo."
    )
    sheet.blanks(("assistente sociale di turno", 3), ("coordinamento", 3), ("chi è con me stanotte", 3))
