"""How does one of ours come in by the staff door? They dial, press the star, and key in their PIN."""

from hotline.database import Database
from hotline.people.actions import set_pin
from hotline.simulator.phones import Phone

PIN = "480517"


def with_pin(phone: Phone, database: Database) -> Phone:
    """Give somebody their PIN."""
    with database.transaction() as tx:
        set_pin(tx, phone.number, PIN)
    return phone


def knocks(phone: Phone) -> None:
    """Dial the line, press the star, and be asked for the PIN."""
    phone.dials()
    phone.waits(3)
    phone.presses("*")
    phone.hears("Codice, poi cancelletto.", within=5)


def comes_in(phone: Phone, pin: str = PIN) -> None:
    """Open the staff door."""
    knocks(phone)
    phone.presses(pin + "#", every=0.5)
