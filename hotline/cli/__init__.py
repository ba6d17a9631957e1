"""What can be done from a terminal? Each command in a few lines; errors in one sentence."""

from hotline.cli import (
    calls,
    drills,
    exports,
    fallback,
    followups,
    handover,
    morning,
    overrides,
    paper,
    plan,
    presence,
    proof,
    rota,
    rota_rules,
    service,
    texts,
    tokens,
)
from hotline.cli.terminal import app, main

__all__ = [
    "app",
    "calls",
    "drills",
    "exports",
    "fallback",
    "followups",
    "handover",
    "main",
    "morning",
    "overrides",
    "paper",
    "plan",
    "presence",
    "proof",
    "rota",
    "rota_rules",
    "service",
    "texts",
    "tokens",
]
