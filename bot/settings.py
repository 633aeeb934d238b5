"""What an installation is told from outside: environment variables and an optional `.env` file."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from storage.seals import Ring

NEEDED_BY = {
    "": (),
    "kannel": ("sms_url", "sms_secret"),
    "twilio": ("sms_user", "sms_password", "sms_sender", "public_url"),
}
"""What each SMS gateway cannot do without."""
BUCKET = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w./-]*))?")
META_NEEDS = {
    "whatsapp_token": ("whatsapp_phone_number_id", "meta_app_secret", "meta_verify_token"),
    "meta_page_token": ("meta_page_id", "meta_app_secret", "meta_verify_token"),
    "meta_instagram_token": ("meta_instagram_id", "meta_app_secret", "meta_verify_token"),
}
"""What each channel of Meta's cannot do without beside its token."""
TOKEN = re.compile(r"\d+:\S+")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as a webhook's secret."""
ADDRESSES = ("public_url", "telegram_api", "meta_api", "matrix_url", "sms_url", "media_endpoint", "otlp_url")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PREFIX = "KENTONGAN_"


class Settings(BaseSettings):
    """Settings named `KENTONGAN_…`; every one has a default, so that none is needed to try it.

    Raises:
        pydantic.ValidationError: a value of the wrong form.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    data_dir: Path = Path("data")
    policies_dir: Path | None = None
    practice_dir: Path | None = None
    database_url: str = ""
    keys: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    sandbox_port: int = Field(default=8081, ge=0, le=65535)
    public_url: str = ""
    proxies: int | None = Field(default=None, ge=0, le=9)
    telegram_api: str = "https://api.telegram.org"
    citizen_token: SecretStr | None = None
    operator_token: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    web_origins: str = ""
    rasa_web: bool = False
    rasa_token: SecretStr | None = None
    matrix_url: str = ""
    matrix_token: SecretStr | None = None
    media_url: str = ""
    media_endpoint: str = ""
    media_region: str = "us-east-1"
    media_key: str = ""
    media_secret: SecretStr | None = None
    examiners: int = Field(default=1, ge=1, le=16)
    log_level: str = "INFO"
    metrics_token: SecretStr | None = None
    otlp_url: str = ""
    open311: bool = True
    figures_page: bool = False
    forward_keys: dict[str, SecretStr] = Field(default_factory=dict)
    sms_gateway: Literal["", "kannel", "twilio"] = ""
    sms_url: str = ""
    sms_user: str = ""
    sms_password: SecretStr | None = None
    sms_sender: str = ""
    sms_secret: SecretStr | None = None
    meta_api: str = "https://graph.facebook.com"
    meta_api_version: str = Field(default="v25.0", pattern=r"^v\d+\.\d+$")
    meta_app_secret: SecretStr | None = None
    meta_verify_token: SecretStr | None = None
    meta_page_id: str = ""
    meta_page_token: SecretStr | None = None
    meta_instagram_id: str = ""
    meta_instagram_token: SecretStr | None = None
    meta_human_agent: Path | None = None
    whatsapp_phone_number_id: str = ""
    whatsapp_token: SecretStr | None = None
    whatsapp_templates: Path | None = None

    @field_validator("citizen_token", "operator_token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("a bot's token looks like 123456:ABC-DEF; copy it from BotFather")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _telegram_takes_it(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("letters without accents, digits, _ and - only, at most 256")
        return secret

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, level: str) -> str:
        if level.upper() not in LEVELS:
            raise ValueError(f"one of {', '.join(LEVELS)}")
        return level.upper()

    @field_validator(*ADDRESSES)
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("an address begins with https:// (or http://)")
        return url

    @field_validator("keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            Ring.of(keys.get_secret_value())
        return keys

    @model_validator(mode="after")
    def _sms_is_complete(self) -> Self:
        needed = NEEDED_BY[self.sms_gateway]
        missing = [name for name in needed if not getattr(self, name)]
        if missing:
            names = ", ".join(f"KENTONGAN_{name.upper()}" for name in missing)
            raise ValueError(f"SMS by {self.sms_gateway} also needs {names}")
        return self

    @model_validator(mode="after")
    def _meta_is_complete(self) -> Self:
        for token, needed in META_NEEDS.items():
            missing = [name for name in needed if not getattr(self, name)]
            if getattr(self, token) and missing:
                names = ", ".join(f"KENTONGAN_{name.upper()}" for name in missing)
                raise ValueError(f"KENTONGAN_{token.upper()} also needs {names}")
        return self

    @property
    def meta(self) -> bool:
        """Whether any channel of Meta's is set."""
        return any(getattr(self, token) for token in META_NEEDS)

    @property
    def origins(self) -> tuple[str, ...]:
        """The pages of others that may show the chat or call it, such as `https://slemankab.go.id`."""
        return tuple(self.web_origins.replace(",", " ").split())

    @property
    def proxies_before(self) -> int:
        """How many proxies stand before the web server: TLS, for one, is always a proxy's."""
        return int(self.public_url.startswith("https://")) if self.proxies is None else self.proxies

    @property
    def database(self) -> str:
        """The database's URL: SQLite in the data folder unless another is named."""
        return self.database_url or f"sqlite:///{self.data_dir / 'kentongan.db'}"

    @field_validator("media_url")
    @classmethod
    def _names_a_bucket(cls, url: str) -> str:
        if url and not BUCKET.fullmatch(url):
            raise ValueError("files are kept in a bucket when this is s3://bucket or s3://bucket/folder")
        return url

    @property
    def practice(self) -> Path:
        """Where practice keeps its own databases."""
        return self.practice_dir or self.data_dir / "practice"

    def make_data_dir(self) -> None:
        """Make the data folder, for its owner alone, where there is none; raises OSError."""
        if not self.data_dir.is_dir():
            self.data_dir.parent.mkdir(parents=True, exist_ok=True)
            self.data_dir.mkdir(mode=0o700, exist_ok=True)

    @property
    def media_dir(self) -> Path:
        """Where the files people send are kept."""
        return self.data_dir / "media"


def misspelt(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Variables in the environment or `.env` that only look like settings, each with the nearest one."""
    in_file = DotEnvSettingsSource(Settings).env_vars
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    given = {name.upper() for name in (*environment, *in_file)}
    strange = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    return {name: next(iter(get_close_matches(name, known, 1)), "") for name in strange}
