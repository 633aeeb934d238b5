"""What an installation is told from outside: environment variables and an optional `.env` file."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings named `KENTONGAN_…`; every one has a default, so that none is needed to try it.

    Raises:
        pydantic.ValidationError: a value of the wrong form.
    """

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_", env_file=".env", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    sandbox_port: int = Field(default=8081, ge=0, le=65535)
    public_url: str = ""
    telegram_api: str = "https://api.telegram.org"
    citizen_token: SecretStr | None = None
    operator_token: SecretStr | None = None
    webhook_secret: SecretStr | None = None
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """The database's URL: SQLite in the data folder unless another is named."""
        return self.database_url or f"sqlite:///{self.data_dir / 'kentongan.db'}"

    @property
    def media_dir(self) -> Path:
        """Where the files people send are kept."""
        return self.data_dir / "media"
