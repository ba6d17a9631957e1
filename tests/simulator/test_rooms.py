"""Does a conference start, end and send people on as Twilio's does?"""

from hotline.simulator.phones import Phone, Town
from hotline.simulator.wire import WebResponse
from tests.simulator.service import HOST, LINE, Service, rest, ring, with_caller

ALL = 'statusCallbackEvent="start end join leave"'


def room(dial: str = "", conference: str = "", callback: str = "/room") -> str:
    return (
        f'<Dial action="/after" {dial}><Conference beep="false" waitUrl="/wait" statusCallback="{callback}" '
        f"{ALL} {conference}>r1</Conference></Dial>"
    )


def service(caller: str, responder: str) -> Service:
    return Service(
        voice=caller,
        leg=responder,
        wait="<Say>Un momento prego.</Say><Pause length='2'/>",
        after="<Say>Si riparte.</Say><Pause length='60'/>",
    )


def together(made: Service) -> tuple[Town, Phone, Phone]:
    town = with_caller(made)
    piera, anna = town["Piera"], town.phone("Anna", "+39 340 0000002")
    piera.dials()
    ring(town, anna.number)
    anna.answers(within=5)
    anna.talks_with(piera)
    return town, piera, anna


def afters(made: Service) -> list[dict[str, str]]:
    return [dict(request.form) for request in made.asked("/after")]


def test_a_room_starts_at_two_and_whoever_leaves_ends_it_for_the_other() -> None:
    made = service(room(), room(conference='endConferenceOnExit="true"'))
    _, piera, anna = together(made)
    anna.waits(30)
    anna.hangs_up()
    piera.hears("si riparte")
    told = {each["CallStatus"]: each for each in afters(made)}
    assert told["in-progress"]["DialCallStatus"] == "answered"
    assert "DialBridged" not in told["in-progress"]
    assert "DialCallDuration" not in told["in-progress"]
    assert set(told) == {"in-progress", "completed"}


def test_without_end_on_exit_the_one_who_stays_hears_silence() -> None:
    made = service(room(), room())
    _, piera, anna = together(made)
    asked = len(made.asked("/wait"))
    anna.hangs_up()
    piera.hears_nothing_like("si riparte", for_seconds=30)
    assert len(made.asked("/wait")) == asked
    assert piera.is_on_the_line()


def test_a_waiting_document_is_asked_again_each_time_it_ends_only_before_the_start() -> None:
    made = service(room(), room())
    town = with_caller(made)
    piera, anna = town["Piera"], town.phone("Anna", "+39 340 0000002")
    piera.dials()
    piera.waits(10)
    assert len(made.asked("/wait")) == 3
    piera.hears("un momento")
    ring(town, anna.number)
    anna.answers(within=5)
    piera.talks_with(anna)
    asked = len(made.asked("/wait"))
    piera.waits(30)
    assert len(made.asked("/wait")) == asked


def test_a_failing_waiting_document_drops_the_waiting_call() -> None:
    made = service(room(), room())
    made.documents["/wait"] = WebResponse(500)
    town = with_caller(made)
    town["Piera"].dials()
    town["Piera"].hung_up()
    assert afters(made)[0]["CallStatus"] == "completed"


def test_a_room_whose_members_may_not_start_it_waits() -> None:
    made = service(
        room(conference='startConferenceOnEnter="false"'), room(conference='startConferenceOnEnter="false"')
    )
    town = with_caller(made)
    piera, anna = town["Piera"], town.phone("Anna", "+39 340 0000002")
    piera.dials()
    ring(town, anna.number)
    anna.answers(within=5)
    anna.hears("un momento")
    anna.talks_with_nobody()


def test_the_star_works_only_for_the_leg_whose_own_dial_allows_it() -> None:
    made = service(
        room(conference='endConferenceOnExit="true"'),
        room('hangupOnStar="true"', 'endConferenceOnExit="true"'),
    )
    _, piera, anna = together(made)
    piera.presses("*")
    piera.waits(3)
    piera.talks_with(anna)
    anna.presses("*")
    anna.hears("si riparte")
    piera.hears("si riparte")
    assert [each["CallStatus"] for each in afters(made)] == ["in-progress", "in-progress"]


def test_a_redirect_by_rest_takes_a_leg_out_and_its_action_is_asked_and_ignored() -> None:
    made = service(room(), room(conference='endConferenceOnExit="true"'))
    made.documents["/elsewhere"] = "<Say>Altrove.</Say><Pause length='20'/>"
    town, piera, anna = together(made)
    assert anna.handset.leg is not None
    rest(town, "POST", f"Calls/{anna.handset.leg.sid}.json", ("Url", f"{HOST}/elsewhere"))
    anna.hears("altrove")
    piera.hears("si riparte")
    anna.hears_nothing_like("si riparte")
    assert len(afters(made)) == 2


def test_only_the_first_participant_s_callback_counts() -> None:
    made = service(room(callback="/first"), room(callback="/second"))
    _, piera, anna = together(made)
    anna.hangs_up()
    piera.hangs_up()
    assert made.asked("/second") == []
    events = [request.value("StatusCallbackEvent") for request in made.asked("/first")]
    assert events == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert made.asked("/first")[-1].value("ReasonConferenceEnded") == "last-participant-left"
    assert made.asked("/first")[0].value("ConferenceSid").startswith("CF")
    assert made.asked("/first")[0].value("FriendlyName") == "r1"


def test_the_name_of_an_ended_room_opens_a_new_one_with_another_sid() -> None:
    made = service(room(), room(conference='endConferenceOnExit="true"'))
    town, piera, anna = together(made)
    anna.hangs_up()
    piera.hangs_up()
    piera.dials()
    assert len(set(town.exchange.rooms.by_sid)) == 2


def test_rest_knows_rooms_by_sid_only() -> None:
    made = service(room(), room())
    town, piera, anna = together(made)
    assert rest(town, "GET", "Conferences/r1/Participants.json")[0] == 404
    sid = next(iter(town.exchange.rooms.by_sid))
    status, answer = rest(town, "GET", f"Conferences/{sid}/Participants.json")
    assert status == 200
    assert len(answer["participants"]) == 2  # type: ignore[arg-type]  # a list in Twilio's JSON
    rest(town, "POST", f"Conferences/{sid}.json", ("Status", "completed"))
    piera.hears("si riparte")
    anna.hears("si riparte")


def test_three_people_meet_in_one_room() -> None:
    made = service(room(), room())
    town, piera, anna = together(made)
    lucia = town.phone("Lucia", "+39 340 0000003")
    ring(town, lucia.number)
    lucia.answers(within=5)
    lucia.talks_with(piera, anna)
    anna.hangs_up()
    lucia.talks_with(piera)


def test_a_caller_who_leaves_a_waiting_room_asks_the_action_with_completed() -> None:
    made = service(room(), room())
    town = with_caller(made, status_url=f"{HOST}/status")
    town["Piera"].dials()
    town["Piera"].waits(3)
    town["Piera"].hangs_up()
    assert [each["CallStatus"] for each in afters(made)] == ["completed"]
    assert made.statuses("/status") == ["completed"]
    assert made.asked("/after")[0].value("To") == LINE
