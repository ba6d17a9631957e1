"""How does a letter about the line leave this machine? One connection, ten seconds, no queue."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from hotline.errors import HotlineError
from hotline.operations.alarms import Letter

_PATIENCE = 10.0
_PORTS = {"smtp": 25, "smtps": 465}


class NotSent(HotlineError):
    """Report that a letter could not be handed to the mail server."""


def send(letter: Letter, recipient: str, smtp_url: str) -> None:
    """Hand one letter to the mail server; raise NotSent. STARTTLS is used wherever the server offers it."""
    parts = urlsplit(smtp_url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    message = EmailMessage()
    message["Subject"], message["To"] = letter.subject, recipient
    message["From"] = user if "@" in parseaddr(user)[1] else recipient
    message.set_content(letter.body)
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    try:
        with _connected(parts.scheme, host, port) as server:
            if user:
                server.login(user, password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # What the server answered may quote the address: its kind is enough to mend it.
        raise NotSent(f"the alarm could not be sent: {type(error).__name__}") from None


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=tls)
    server = smtplib.SMTP(host, port, timeout=_PATIENCE)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=tls)
        server.ehlo()
    return server
