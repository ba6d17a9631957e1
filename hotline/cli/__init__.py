"""What can be done from a terminal? Each command in a few lines; errors in one sentence."""

from hotline.cli import (
    calls,
    drills,
    fallback,
    followups,
    paper,
    proof,
    rings,
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
    "proof",
    "rings",
    "rota",
    "rota_rules",
    "service",
    "texts",
]
