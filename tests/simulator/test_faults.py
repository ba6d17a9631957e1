"""Do faults happen as scripted, and the same again from the same seed?"""

from hotline.simulator.faults import Chances
from hotline.simulator.phones import Town
from tests.simulator.service import HOST, Service, connect, ring, with_caller

EVENTS = (
    ("StatusCallback", f"{HOST}/leg-status"),
    *(("StatusCallbackEvent", event) for event in ("initiated", "ringing", "answered", "completed")),
)


def short_call(service: Service, town: Town) -> list[str]:
    anna = town.phone("Anna", "+39 340 0000002")
    ring(town, anna.number, *EVENTS)
    anna.answers(within=60)
    anna.waits(1)
    anna.hangs_up()
    town.passes(30)
    return service.statuses("/leg-status")


def test_duplicated_callbacks_come_twice_with_the_same_token() -> None:
    service = Service(leg="<Pause length='9'/>")
    town = connect(service)
    town.exchange.faults.duplicate_webhooks("/leg-status", times=1)
    assert short_call(service, town) == ["initiated", "initiated", "ringing", "in-progress", "completed"]
    tokens = [each.header("I-Twilio-Idempotency-Token") for each in service.asked("/leg-status")]
    assert tokens[0] == tokens[1] != tokens[2]
    assert town.exchange.faults.counts["duplicate"] == 1


def test_dropped_callbacks_never_come() -> None:
    service = Service(leg="<Pause length='9'/>")
    town = connect(service)
    town.exchange.faults.drop_webhooks("/leg-status", times=10)
    assert short_call(service, town) == []


def test_delayed_and_reordered_callbacks_are_overtaken() -> None:
    service = Service(leg="<Pause length='9'/>")
    town = connect(service)
    town.exchange.faults.reorder_webhooks("/leg-status", times=1, seconds=3)
    assert short_call(service, town)[-1] == "initiated"


def test_a_duplicated_voice_webhook_counts_its_second_answer() -> None:
    answers = iter(("<Say>Primo.</Say>", "<Say>Secondo.</Say>"))
    town = with_caller(Service(voice=lambda request: next(answers)))
    town.exchange.faults.duplicate_webhooks("/voice")
    town["Piera"].dials()
    town["Piera"].hears("secondo")
    town["Piera"].hears_nothing_like("primo")


def test_while_we_are_unreachable_the_fallback_on_another_host_serves() -> None:
    service = Service(voice="<Say>Noi.</Say>", fallback="<Say>Riserva.</Say>")
    town = with_caller(service, fallback_url="https://static.example.org/fallback")
    town.exchange.faults.unreachable(seconds=10)
    town["Piera"].dials()
    town["Piera"].hears("riserva")
    town["Piera"].hung_up()
    town.passes(10)
    town["Piera"].dials()
    town["Piera"].hears("noi")


def test_a_lost_voice_webhook_times_out_and_is_tried_again() -> None:
    service = Service(voice="<Say>Eccoci.</Say>")
    town = with_caller(service)
    town.exchange.faults.drop_webhooks("/voice", times=1)
    began = town.exchange.now()
    town["Piera"].dials()
    town["Piera"].hears("eccoci")
    assert (town.exchange.transcript.of("Piera", "spoken")[0].moment - began).total_seconds() == 5.0


def test_latency_slows_every_answer() -> None:
    town = with_caller(Service(voice="<Say>Eccoci.</Say>"))
    town.exchange.faults.latency = 1.5
    began = town.exchange.now()
    town["Piera"].dials()
    town["Piera"].hears("eccoci")
    assert (town.exchange.transcript.of("Piera", "spoken")[0].moment - began).total_seconds() == 1.5


def test_random_faults_are_the_same_again_from_the_same_seed() -> None:
    def played(seed: int) -> tuple[list[str], str]:
        service = Service(leg="<Pause length='9'/>")
        town = connect(service)
        town.exchange.faults.randomly(seed, Chances(duplicate=0.4, delay=0.4, drop_callback=0.2))
        return short_call(service, town), str(town.exchange.faults.counts)

    assert played(7) == played(7)
    assert len({str(played(seed)) for seed in range(8)}) > 1
