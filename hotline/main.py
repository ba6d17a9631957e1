"""What does an ASGI server load? The service, from the environment."""

from fastapi import FastAPI

from hotline.app import assemble
from hotline.settings import load_settings


def application() -> FastAPI:
    """Return the application; raise BadInput when a setting is wrong."""
    return assemble(load_settings()).app
