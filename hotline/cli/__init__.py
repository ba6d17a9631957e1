"""What can be done from a terminal? Each command in a few lines; errors in one sentence."""

from hotline.cli import (
    calls,
    drills,
    fallback,
    followups,
    paper,
    presence,
    proof,
    rota,
    rota_rules,
    service,
    texts,
)
from hotline.cli.terminal import app, main

__all__ = [
    "app",
    "calls",
    "drills",
    "fallback",
    "followups",
    "main",
    "paper",
    "presence",
    "proof",
    "rota",
    "rota_rules",
    "service",
    "texts",
]
