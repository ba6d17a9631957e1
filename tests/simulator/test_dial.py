"""Does a Dial with Numbers behave as Twilio's: who wins, what is the action told?"""

from hotline.simulator.phones import Phone, Town, asleep, busy, off, voicemail
from hotline.simulator.wire import WebRequest
from tests.simulator.service import HOST, LINE, Service, rest, with_caller

WHISPER = '<Gather action="/pressed" numDigits="1" timeout="4"><Say>Premi uno.</Say></Gather><Hangup/>'


def pressed(request: WebRequest) -> str:
    return "" if request.value("Digits") == "1" else "<Hangup/>"


def service(dial: str, numbers: str, after: str = "<Say>Dopo.</Say>") -> Service:
    return Service(
        voice=f'<Dial callerId="{LINE}" action="/after" {dial}>{numbers}</Dial>',
        whisper=WHISPER,
        pressed=pressed,
        after=after,
    )


def one(attributes: str = "") -> str:
    return f"<Number {attributes}>+393400000002</Number>"


def both(attributes: str = "") -> str:
    return one(attributes) + f"<Number {attributes}>+393400000003</Number>"


def play(made: Service) -> tuple[Town, Phone, Phone, Phone]:
    town = with_caller(made, status_url=f"{HOST}/status")
    anna = town.phone("Anna", "+39 340 0000002")
    bruno = town.phone("Bruno", "+39 340 0000003")
    return town, town["Piera"], anna, bruno


def result(made: Service) -> dict[str, str]:
    assert len(made.asked("/after")) == 1
    return dict(made.asked("/after")[0].form)


def test_the_first_to_answer_wins_even_a_voicemail_and_the_others_stop_ringing() -> None:
    made = service("", both('url="/whisper" statusCallback="/leg"'))
    _, piera, anna, bruno = play(made)
    bruno.is_now(voicemail(after=5, lasts=8))
    piera.dials()
    anna.rings()
    anna.stops_ringing(within=6)
    piera.hears("dopo")
    assert result(made)["DialCallStatus"] == "completed"
    assert result(made)["DialBridged"] == "false"
    assert sorted(made.statuses("/leg")) == ["canceled", "completed"]


def test_pressing_one_in_the_whisper_bridges_and_the_action_follows_the_conversation() -> None:
    made = service("", one('url="/whisper"'))
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    anna.hears("premi uno")
    piera.talks_with_nobody()
    anna.presses("1")
    anna.talks_with(piera)
    anna.waits(20)
    anna.hangs_up()
    piera.hears("dopo")
    assert result(made)["DialCallStatus"] == "completed"
    assert result(made)["DialBridged"] == "true"
    assert int(result(made)["DialCallDuration"]) >= 20
    assert result(made)["CallStatus"] == "in-progress"


def test_refusing_in_the_whisper_is_completed_but_not_bridged() -> None:
    made = service("", one('url="/whisper"'))
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    anna.presses("2")
    anna.hung_up()
    piera.hears("dopo")
    assert (result(made)["DialCallStatus"], result(made)["DialBridged"]) == ("completed", "false")


def test_an_empty_whisper_connects() -> None:
    _, piera, anna, _ = play(service("", one('url="/nothing"')))
    piera.dials()
    anna.answers(within=5)
    anna.talks_with(piera)


def test_each_way_of_not_answering_has_its_own_status() -> None:
    for habit, status in ((asleep, "no-answer"), (busy, "busy"), (off, "failed")):
        made = service('timeout="10"', one('statusCallback="/leg"'))
        _, piera, anna, _ = play(made)
        anna.is_now(habit)
        piera.dials()
        piera.hears("dopo")
        assert (result(made)["DialCallStatus"], result(made)["DialBridged"]) == (status, "false")
        assert "DialCallDuration" not in result(made)
        code = {"no-answer": "487", "busy": "486", "failed": "480"}[status]
        assert made.asked("/leg")[0].value("SipResponseCode") == code


def test_a_declined_call_is_busy() -> None:
    made = service("", one())
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.declines(within=5)
    piera.hears("dopo")
    assert result(made)["DialCallStatus"] == "busy"


def test_sequential_rings_one_after_the_other() -> None:
    made = service('sequential="true" timeout="10"', both())
    _, piera, anna, bruno = play(made)
    piera.dials()
    anna.rings()
    assert not bruno.is_ringing()
    bruno.rings(within=15)
    assert not anna.is_ringing()
    bruno.answers()
    bruno.talks_with(piera)
    assert made.asked("/after") == []


def test_a_caller_who_hangs_up_ends_the_ringing_and_the_action_says_canceled() -> None:
    made = service("", both())
    _, piera, anna, bruno = play(made)
    piera.dials()
    anna.rings()
    piera.hangs_up()
    assert not anna.is_ringing()
    assert not bruno.is_ringing()
    assert result(made)["DialCallStatus"] == "canceled"
    assert result(made)["CallStatus"] == "completed"
    assert made.statuses("/status") == ["completed"]


def test_answer_on_bridge_leaves_the_call_ringing_until_they_talk() -> None:
    made = service('answerOnBridge="true"', one('url="/whisper"'))
    town, piera, anna, _ = play(made)
    leg = piera.dials()
    anna.answers(within=5)
    assert leg.status == "ringing"
    anna.presses("1")
    anna.talks_with(piera)
    assert leg.status == "in-progress"
    assert town.exchange.violations == []


def test_the_star_of_the_dialling_leg_leaves_the_dial() -> None:
    made = service('hangupOnStar="true"', one())
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    anna.presses("*")
    anna.talks_with(piera)
    piera.presses("*")
    anna.hung_up()
    piera.hears("dopo")
    assert result(made)["DialBridged"] == "true"


def test_without_hangup_on_star_it_is_only_a_sound() -> None:
    _, piera, anna, _ = play(service("", one()))
    piera.dials()
    anna.answers(within=5)
    piera.presses("*")
    piera.waits(5)
    anna.talks_with(piera)


def test_the_time_limit_ends_the_conversation() -> None:
    made = service('timeLimit="30"', one())
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    anna.waits(29)
    anna.talks_with(piera)
    anna.hung_up(within=2)
    piera.hears("dopo")


def test_number_events_are_reported_in_order_when_asked_for() -> None:
    events = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'
    made = service("", one(events))
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    anna.hangs_up()
    assert made.statuses("/leg") == ["initiated", "ringing", "in-progress", "completed"]
    assert [request.value("SequenceNumber") for request in made.asked("/leg")] == ["0", "1", "2", "3"]
    assert made.asked("/leg")[0].value("ParentCallSid").startswith("CA")
    assert made.asked("/leg")[0].value("Direction") == "outbound-dial"


def test_a_redirect_by_rest_takes_the_caller_out_and_the_action_s_answer_is_ignored() -> None:
    made = service("", one())
    made.documents["/elsewhere"] = "<Say>Altrove.</Say>"
    town, piera, anna, _ = play(made)
    leg = piera.dials()
    anna.answers(within=5)
    rest(town, "POST", f"Calls/{leg.sid}.json", ("Url", f"{HOST}/elsewhere"))
    piera.hears("altrove")
    anna.hung_up()
    piera.hears_nothing_like("dopo", for_seconds=5)
    assert result(made)["CallStatus"] == "in-progress"


def test_the_called_side_can_be_taken_out_too_and_the_caller_s_action_is_asked() -> None:
    made = service("", one())
    made.documents["/elsewhere"] = "<Say>Altrove.</Say>"
    town, piera, anna, _ = play(made)
    piera.dials()
    anna.answers(within=5)
    assert anna.handset.leg is not None
    rest(town, "POST", f"Calls/{anna.handset.leg.sid}.json", ("Url", f"{HOST}/elsewhere"))
    anna.hears("altrove")
    piera.hears("dopo")
    assert result(made)["DialBridged"] == "true"


def test_dial_without_action_goes_on_with_the_document() -> None:
    made = Service(voice=f'<Dial callerId="{LINE}" timeout="5">{one()}</Dial><Say>Nessuno.</Say>')
    _, piera, anna, _ = play(made)
    piera.dials()
    anna.rings()
    piera.hears("nessuno")


def test_a_withheld_caller_cannot_be_the_default_caller_id() -> None:
    made = Service(voice=f"<Dial>{one()}</Dial>")
    town, piera, _, _ = play(made)
    piera.dials(anonymous=True)
    assert "withheld" in town.exchange.violations[0]


def test_a_foreign_caller_id_is_a_violation() -> None:
    made = Service(voice=f'<Dial callerId="+390781000000">{one()}</Dial>')
    town, piera, _, _ = play(made)
    piera.dials()
    assert "callerId" in town.exchange.violations[0]
