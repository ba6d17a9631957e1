"""Is every way of writing a command understood, and nothing else taken for one?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.ivr.prompts import STAFF, load_wording
from hotline.texts.words import Command, command_of, is_reserved

SPELLINGS = {
    Command.OK: (
        "OK",
        "Ok!",
        "ok.",
        " ok ",
        "ok grazie",
        "Ok, grazie mille 🙏",
        "👍",
        "👍🏻 ok",
        "okay",
        "Sì",
        "si'",
        "O.K.",
        "Confermo",
        "Ok ci sono",
        "OK a domani",
    ),
    Command.CANNOT: (
        "NON POSSO",
        "non posso",
        "nonposso",
        "Non  posso.",
        "non posso stasera",
        "Non posso, mi dispiace 😢",
        "nn posso",
        "purtroppo non posso",
        "non riesco",
        "NON\nPOSSO",
        "non posso, ok",
    ),
    Command.TAKE: (
        "PRENDO",
        "prendo",
        "lo prendo io",
        "Prendo!",
        "ok prendo io il turno",
        "🙋 Prendo",
        "lo copro io",
    ),
    Command.OFFER: ("OFFRO", "offro il turno", "Offro il mio prossimo turno, grazie"),
    Command.GIVE_BACK: ("LASCIO", "lo lascio, scusate", "Lascio il turno"),
    Command.WITHDRAW: ("RITIRO", "ritiro l'offerta", "lo ritiro"),
    Command.DUTY: ("TURNO", "turno?", "Turni", "il mio turno", "Quando sono di turno?", "turno per favore"),
    Command.NOTE: (
        "CONSEGNA tutto bene",
        "Consegna: la signora aspetta aiuto, ha chiamato il 112",
        "consegne",
    ),
    Command.FORM: (
        "SCHEDA",
        "scheda",
        "Scheda fatta!",
        "ok la scheda è scritta, grazie",
        "Ho compilato la mia scheda",
        "schede fatte",
    ),
    Command.COMMANDS: ("COMANDI", "comandi?", "Menù", "menu"),
    Command.STOP: (
        "STOP",
        "stop.",
        "Basta",
        "basta grazie",
        "CANCELLA",
        "annulla",
        "ARRÊT",
        "Unsubscribe",
        "stopall",
    ),
    Command.START: ("START", "start grazie", "unstop", "Riattiva"),
    Command.HELP: (
        "AIUTO",
        "Aiutoooo",
        "aaiiuuttoo",
        "non riesco a respirare",
        "aiuto!!!",
        "Aiutatemi",
        "sto male, aiuto",
        "SOS",
        "help me",
        "ok ma aiuto",
        "STOP aiuto",
        "AÍUTO",
    ),
    Command.NONE: (
        "",
        " ",
        "🙂",
        "ok ma arrivo tardi",
        "cambio turno con un altro",
        "non prendo",
        "scheda?",
        "non ho la scheda",
        "la scheda la scrivo domani mattina",
        "non ok",
        "se non posso chi chiamo?",
        "Ha messo «Mi piace» a «Domani sei di turno 20.00-24.00. Rispondi OK, oppure NON POSSO.»",
        "Ha messo “Mi piace” a “Cerchiamo chi copre ven 27/11. Rispondi PRENDO.”",
        'Liked "Domani sei di turno. Rispondi OK, oppure NON POSSO."',
        "basta che arriviate presto",
        "sto male",
        "\x00",
        "Ciao, non ho mai potuto dirvi che il lunedì non posso più venire da voi",
    ),
}


@pytest.mark.parametrize(
    ("text", "command"), [(text, command) for command, texts in SPELLINGS.items() for text in texts]
)
def test_a_text_is_understood_however_it_is_spelt(text: str, command: Command) -> None:
    assert command_of(text) == command


@given(st.text(max_size=2000))
def test_whatever_is_written_is_some_command_or_none(text: str) -> None:
    assert command_of(text) in Command


@given(
    st.sampled_from([one for one in SPELLINGS if one not in (Command.NONE, Command.HELP)]),
    st.data(),
    st.text("!.,;: \n\t🙂🙏🏻❤️", max_size=12),
    st.text("!., \n🙂❤️\u200d", max_size=12),
)
def test_punctuation_space_pictures_and_case_change_nothing(
    command: Command, data: st.DataObject, before: str, after: str
) -> None:
    text = data.draw(st.sampled_from(SPELLINGS[command]))
    assert command_of(before + text + after) == command
    assert command_of(before + text.upper() + after) == command_of(text.upper()) == command


@given(st.text(max_size=300), st.sampled_from(["aiuto", "AIUTO", "Aiutatemi", "sos"]), st.text(max_size=300))
def test_a_call_for_help_is_heard_in_any_company(before: str, word: str, after: str) -> None:
    quotes = '«»“”„"'
    if not set(quotes) & set(before + after):
        assert command_of(f"{before} {word} {after}") == Command.HELP


def test_our_own_words_sent_back_by_a_machine_are_no_command() -> None:
    written = load_wording(STAFF, None, "it").languages["it"].prompts
    ours = [prompt.text for name, prompt in written.items() if name.startswith("sms.")]
    assert len(ours) > 10
    assert {command_of(text) for text in ours} == {Command.NONE}


def test_only_a_lone_reserved_word_is_obeyed_by_twilio() -> None:
    assert all(is_reserved(text) for text in ("STOP", "quit ", "Cancel"))
    assert not any(is_reserved(text) for text in ("stop it", "basta", "STOP!", ""))
