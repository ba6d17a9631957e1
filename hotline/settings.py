"""What can be set from outside, and what is refused at the start? (environment or `.env`)"""

from datetime import datetime
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from phonenumbers import SUPPORTED_REGIONS
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hotline.errors import BadInput

TWILIO_API = "https://api.twilio.com"


class Settings(BaseSettings):
    """Every setting, with a default that is right for Iglesias; read `.env.example` for the meanings."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    twilio_account_sid: str = Field(
        "", validation_alias=AliasChoices("TWILIO_ACCOUNT_SID", "twilio_account_sid")
    )
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("TWILIO_AUTH_TOKEN", "twilio_auth_token")
    )
    twilio_api_url: str = TWILIO_API
    public_url: str = ""
    phone_number: str = ""
    sms_number: str = ""
    data_dir: Path = Path("var")
    database_url: str = ""
    secret_keys: SecretStr = SecretStr("")
    profile: Path | None = None
    night: str = ""
    ring_seconds: int = Field(30, ge=5, le=120)
    calls_per_second: float = Field(1.0, gt=0, le=1000)
    tiers_night: str = ""
    tiers_day: str = ""
    hold_seconds: int = Field(5, ge=2, le=8)
    max_wait_seconds: int = Field(180, ge=30, le=900)
    allowed_countries: str = "IT"
    gap_alarms: bool = True
    reply_seconds: float = Field(1.2, gt=0, le=5)
    last_resort: SecretStr = SecretStr("")
    fallback_url: str = ""
    fallback_dir: Path | None = None
    heartbeat_url: str = ""
    alarm_email: str = ""
    smtp_url: SecretStr = SecretStr("")
    clock_speed: float = Field(1.0, gt=0, le=1000)
    clock_start: datetime | None = None

    @field_validator("public_url", "twilio_api_url", "heartbeat_url", "fallback_url")
    @classmethod
    def _is_plain_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username
        ):
            raise ValueError("write an address such as https://hotline.example.org, without user or query")
        return value.rstrip("/")

    @field_validator("allowed_countries")
    @classmethod
    def _are_countries(cls, value: str) -> str:
        wrong = sorted(_countries(value) - SUPPORTED_REGIONS)
        if wrong:
            raise ValueError(f"{wrong[0]!r} is not a country code; write IT, or IT,SM")
        if not _countries(value):
            raise ValueError("no country is left to ring; write IT, or IT,SM")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr) -> SecretStr:
        given = value.get_secret_value()
        parts = urlsplit(given)
        if given and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("write smtp://user:password@host:port, or smtps:// for TLS at once")
        return value

    @field_validator("clock_start")
    @classmethod
    def _has_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("add the offset, as in 2026-10-25T01:30:00+02:00")
        return value

    @cached_property
    def auth_tokens(self) -> tuple[str, ...]:
        """Return every accepted token; the first is used for REST."""
        return tuple(
            part.strip() for part in self.twilio_auth_token.get_secret_value().split(",") if part.strip()
        )

    @cached_property
    def countries(self) -> frozenset[str]:
        """Return the countries to which anything is rung or texted."""
        return _countries(self.allowed_countries)

    @property
    def database(self) -> str:
        """Return the database URL, by default a SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir / 'hotline.sqlite'}"

    def seconds(self, name: str, text: str) -> tuple[int, int, int] | None:
        """Read three delays such as `0,25,60`; None when the setting is empty; raise BadInput otherwise."""
        if not text:
            return None
        try:
            first, second, third = (int(part) for part in text.split(","))
        except ValueError:
            raise BadInput(f"{name}: write three delays in seconds, such as 0,25,60, not {text!r}") from None
        if not 0 <= first <= second <= third <= 75:
            raise BadInput(f"{name}: the delays must rise and stay within 75 seconds, not {text!r}")
        return first, second, third

    def check_alarms(self) -> None:
        """Refuse an alarm address without a mail server, and documents without an address; raise BadInput."""
        if self.alarm_email and not self.smtp_url.get_secret_value():
            raise BadInput("HOTLINE_ALARM_EMAIL is set but HOTLINE_SMTP_URL is not: set the mail server too")
        if self.fallback_dir is not None and not self.fallback_url:
            raise BadInput(
                "HOTLINE_FALLBACK_DIR is set but HOTLINE_FALLBACK_URL is not: set where the folder is served"
            )

    def check_clock(self) -> None:
        """Refuse a displaced clock unless the exchange is on this machine; raise BadInput."""
        displaced = self.clock_speed != 1.0 or self.clock_start is not None
        if displaced and not _is_this_machine(self.twilio_api_url):
            raise BadInput(
                "HOTLINE_CLOCK_SPEED and HOTLINE_CLOCK_START work only with a simulator on this machine: "
                "remove them, or set HOTLINE_TWILIO_API_URL to its address"
            )


def load_settings(**overrides: object) -> Settings:
    """Read the settings; raise BadInput naming the setting and the remedy."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        shown = name if name.startswith("TWILIO") else f"HOTLINE_{name.upper()}"
        raise BadInput(f"{shown}: {first['msg'].removeprefix('Value error, ')}") from None
    settings.check_clock()
    settings.check_alarms()
    return settings


def _countries(text: str) -> frozenset[str]:
    return frozenset(part.strip().upper() for part in text.split(",") if part.strip())


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
