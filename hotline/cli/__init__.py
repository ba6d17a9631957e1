"""What can be done from a terminal? Each command in a few lines; errors in one sentence."""

from hotline.cli import calls, drills, fallback, paper, rota, service
from hotline.cli.terminal import app, main

__all__ = ["app", "calls", "drills", "fallback", "main", "paper", "rota", "service"]
