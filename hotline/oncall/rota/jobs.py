"""What does the clock ask of the rota? Its horizon moves on by a day every day."""

from hotline.database import Database
from hotline.oncall.rota.actions import fill, sweep
from hotline.oncall.rota.ground import Ground


def extend_rota(ground: Ground, database: Database) -> None:
    """Turn the rules into shifts up to the horizon, and delete those that will never count."""
    fill(database, ground)
    sweep(database)
