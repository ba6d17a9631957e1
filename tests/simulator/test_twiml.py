"""Is what Twilio would ignore with a warning an error here?"""

import pytest

from hotline.simulator.twiml_reader import read_twiml
from tests.simulator.service import Service, with_caller

NUMBER = "<Number>+393400000002</Number>"


def violations(text: str, context: str = "call") -> tuple[str, ...]:
    return read_twiml(
        f"<Response>{text}</Response>".encode(), "https://hotline.example.org/", context
    ).violations


@pytest.mark.parametrize(
    "text",
    [
        '<Say voice="Polly.Bianca" language="it-IT">Buongiorno</Say>',
        '<Say voice="Google.ro-RO-Standard-A" language="ro-RO">Bună ziua</Say>',
        (
            '<Gather numDigits="1" finishOnKey="" actionOnEmptyResult="true" timeout="5" action="/a">'
            "<Say>Prema uno</Say><Play>/tone.wav</Play><Pause/></Gather>"
        ),
        f'<Dial timeout="18" callerId="+39078133000" ringTone="it" action="/a">{NUMBER}</Dial>',
        (
            '<Dial hangupOnStar="true" action="/a">'
            '<Conference beep="false" endConferenceOnExit="true" waitUrl="/w" '
            'statusCallback="/c" statusCallbackEvent="start end join leave">r1</Conference></Dial>'
        ),
        (
            '<Dial action="/a"><Number url="/w" statusCallback="/c" '
            'statusCallbackEvent="initiated ringing answered completed">+393400000002</Number></Dial>'
        ),
        '<Reject reason="busy"/>',
        '<Redirect method="POST">/next#rt=4000</Redirect>',
        '<Play digits="ww1"/>',
        "<Hangup/>",
        "",
    ],
)
def test_good_documents_break_no_rule(text: str) -> None:
    assert violations(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "<Enqueue>coda</Enqueue>",
        "<say>piccolo</say>",
        '<Say voise="Polly.Bianca">Ciao</Say>',
        "<Say/>",
        '<Say voice="Polly.Bianca" language="en-GB">Hello</Say>',
        '<Say voice="Bianca" language="it-IT">Ciao</Say>',
        f"<Say>{'parola ' * 4001}</Say>",
        "<Gather><Dial/></Gather>",
        '<Gather numDigits="one"/>',
        '<Gather actionOnEmptyResult="True"/>',
        '<Gather finishOnKey="A"/>',
        '<Gather timeout="0"/>',
        f'<Dial statusCallback="/c">{NUMBER}</Dial>',
        f'<Dial ringTone="italy">{NUMBER}</Dial>',
        f'<Dial timeout="3">{NUMBER}</Dial>',
        f'<Dial record="record-from-answer">{NUMBER}</Dial>',
        f"<Dial>{NUMBER}<Conference>r</Conference></Dial>",
        "<Dial>+393400000002</Dial>",
        "<Dial/>",
        "<Dial><Number>112</Number></Dial>",
        "<Dial><Number>+39112</Number></Dial>",
        "<Dial><Number>+391522</Number></Dial>",
        "<Dial><Number>+39899000000</Number></Dial>",
        f"<Dial>{'<Number>+393400000002</Number>' * 11}</Dial>",
        "<Dial><Number statusCallbackEvent=\"['initiated']\">+393400000002</Number></Dial>",
        "<Dial><Conference/></Dial>",
        '<Dial><Conference statusCallbackEvent="started">r</Conference></Dial>',
        "<Redirect/>",
        "<Play>one two</Play>",
        "<Play/>",
        "<Say>Ciao</Say><Reject/>",
        "Ciao",
        "<Say>Ciao</Say>testo",
        '<Pause length="1.5"/>',
    ],
)
def test_each_slip_is_named(text: str) -> None:
    assert len(violations(text)) >= 1


def test_a_whisper_never_dials_and_a_waiting_document_never_gathers() -> None:
    assert violations(f"<Dial>{NUMBER}</Dial>", "whisper")
    assert violations("<Gather/>", "wait")
    assert not violations("<Gather/>", "whisper")


def test_a_violation_is_recorded_and_the_call_goes_on() -> None:
    town = with_caller(Service(voice='<Sai>Eh?</Sai><Say lang="it">Buongiorno.</Say>'))
    town["Piera"].dials()
    town["Piera"].hears("buongiorno")
    assert len(town.exchange.violations) == 2
    with pytest.raises(AssertionError, match="unknown verb <Sai>"):
        town.broke_no_rule()


def test_a_strict_exchange_stops_at_once() -> None:
    town = with_caller(Service(voice="<Sai>Eh?</Sai>"))
    town.exchange.strict = True
    with pytest.raises(AssertionError, match="unknown verb"):
        town["Piera"].dials()


def test_addresses_in_a_twiml_parameter_must_be_absolute() -> None:
    found = read_twiml(b'<Response><Gather action="/a"/><Redirect>/b</Redirect></Response>', None).violations
    assert len(found) == 2
