"""How does one leg do things one after the other, and yet can be interrupted at any moment?"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from hotline.simulator.agenda import Agenda, Ticket
from hotline.simulator.wire import Outcome, WebRequest


@dataclass(frozen=True)
class Wait:
    """Sleep for `seconds` (None: until woken); `keys` lets a key press end the sleep early."""

    seconds: float | None
    keys: bool = False


@dataclass(frozen=True)
class Send:
    """Send one webhook and sleep until its outcome is known."""

    request: WebRequest


Command = Wait | Send
Wake = Outcome | str | None
Result = TypeVar("Result")
Program = Generator[Command, Wake, Result]
Sender = Callable[[WebRequest, Callable[[Outcome], None]], None]


class HungUp(Exception):
    """The leg of this program is over."""


def sleep(seconds: float | None) -> Program[None]:
    """Sleep; with None until the task is nudged."""
    yield Wait(seconds)


def send(request: WebRequest) -> Program[Outcome]:
    """Send one webhook and return its outcome."""
    woke = yield Send(request)
    if not isinstance(woke, Outcome):
        raise RuntimeError("a webhook ended without an outcome")
    return woke


class Task:
    """Run one program on the agenda: resume it, press keys into it, interrupt it, stop it."""

    def __init__(self, agenda: Agenda, sender: Sender, program: Program[None]) -> None:
        self._agenda, self._sender, self._program = agenda, sender, program
        self._command: Command | None = None
        self._ticket: Ticket | None = None
        self._turn = 0
        self._nudged = False
        self.running = False
        self.done = False

    def start(self) -> "Task":
        """Begin as the next event of this moment."""
        self._resume_later(0, None)
        return self

    @property
    def begun(self) -> bool:
        """Tell whether the first event has happened."""
        return self._command is not None

    def press(self, key: str) -> bool:
        """Give a key to a program that listens; tell whether it was taken."""
        listening = isinstance(self._command, Wait) and self._command.keys and not self.running
        if listening and not self.done:
            self._step(key, None)
            return True
        return False

    def nudge(self) -> None:
        """Wake a program that waits without a time, now or as soon as it waits."""
        if self.done:
            return
        if isinstance(self._command, Wait) and self._command.seconds is None and not self.running:
            self._resume_later(0, None)
        else:
            self._nudged = True

    def interrupt(self, error: Exception) -> None:
        """Raise `error` at the place where the program sleeps."""
        if not self.done and not self.running:
            self._step(None, error)

    def stop(self) -> None:
        """End the program where it stands."""
        if self.done or self.running:
            return
        self._forget_ticket()
        self.done = True
        self._program.close()

    def _forget_ticket(self) -> None:
        self._turn += 1
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _resume_later(self, seconds: float, wake: Wake) -> None:
        turn = self._turn
        self._ticket = self._agenda.after(seconds, lambda: self._resume(turn, wake))

    def _resume(self, turn: int, wake: Wake) -> None:
        if turn == self._turn and not self.done and not self.running:
            self._step(wake, None)

    def _step(self, wake: Wake, error: Exception | None) -> None:
        self._forget_ticket()
        self.running = True
        try:
            command = self._program.throw(error) if error else self._program.send(wake)
        except (StopIteration, HungUp):
            self.done = True
            return
        finally:
            self.running = False
        self._begin(command)

    def _begin(self, command: Command) -> None:
        self._command = command
        if isinstance(command, Send):
            turn = self._turn
            self._sender(command.request, lambda outcome: self._resume(turn, outcome))
        elif command.seconds is not None:
            self._resume_later(command.seconds, None)
        elif self._nudged:
            self._nudged = False
            self._resume_later(0, None)
