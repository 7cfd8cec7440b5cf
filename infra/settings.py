"""设置: every value the platform takes from its surroundings, read once, named `SHUANGTUI_…`.

The descriptions are the reference: the table in the README is generated from them.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ZONE = "Asia/Shanghai"


class Settings(BaseSettings):
    """设置: what an operator may set; everything has a default that works on a bare machine."""

    model_config = SettingsConfigDict(env_prefix="SHUANGTUI_", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(
        default=Path(".shuangtui"),
        description="Directory of the embedded engines: their data, logs and `engines.json`.",
    )

    rules: Path | None = Field(
        default=None,
        description="Directory of rule files entered beside the shipped ones: next year's calendar, local closures, "
        "local practice. Unset: `rules` under the home directory.",
    )

    # The password is part of the URL, so it stays out of every repr and log line.
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL URL (`postgresql://user:password@host:port/name`). Unset: the embedded PostgreSQL.",
    )
    database_app_role: str = Field(
        default="shuangtui_app",
        pattern=r"^[a-z_][a-z0-9_]{0,62}$",
        description="Role the application works as: it may insert and read events, never change or delete them.",
    )
    database_app_password: SecretStr | None = Field(
        default=None,
        description="Password `migrate` gives that role so that services can log in as it. Unset: no login, the role "
        "is assumed after connecting as the owner.",
    )
    database_pool_min: int = Field(default=1, ge=0, description="Connections each process keeps open.")
    database_pool_max: int = Field(default=8, ge=1, description="Connections each process opens at most.")

    kafka_bootstrap: str | None = Field(
        default=None,
        description="Kafka bootstrap servers (`host:port,host:port`). Unset: the embedded broker.",
    )
    kafka_profile: Literal["kafka", "embedded"] = Field(
        default="kafka",
        description="Which broker answers at the bootstrap servers: `kafka` (Apache Kafka) or `embedded` (tansu).",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="How connections to Kafka are protected."
    )
    kafka_sasl_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="SASL mechanism, used when the security protocol names SASL."
    )
    kafka_sasl_username: str | None = Field(default=None, description="SASL user.")
    kafka_sasl_password: SecretStr | None = Field(default=None, description="SASL password.")
    kafka_ssl_cafile: Path | None = Field(
        default=None, description="PEM file of the authority that signed the brokers' certificates."
    )
    kafka_ssl_certfile: Path | None = Field(default=None, description="PEM file of our own certificate, for mTLS.")
    kafka_ssl_keyfile: Path | None = Field(default=None, description="PEM file of our own key, for mTLS.")

    credit_register_file: Path | None = Field(
        default=None,
        description="Dated file of the city's credit register (`…YYYYMMDD.csv` or `.json`), or a directory of which the "
        "latest is read.",
    )
    credit_register_url: str | None = Field(
        default=None, description="Address of the city's credit register; it answers `GET <url>/<identifier>` in JSON."
    )
    credit_register_token: SecretStr | None = Field(default=None, description="Bearer token for that register.")
    credit_register_timeout: float = Field(
        default=5.0, gt=0, le=60, description="Seconds that the register is given to answer."
    )

    http_host: str = Field(default="127.0.0.1", description="Address the HTTP service listens on.")
    http_port: int = Field(default=8000, ge=0, le=65535, description="Port of the HTTP service; 0 takes a free one.")

    draw_key: SecretStr | None = Field(
        default=None,
        description="Key that the secrets of expert draws are derived from; at least 32 random characters, the same for "
        "every process and kept from whoever starts draws. Unset: made once and kept as `draw.key` in the home.",
    )

    person_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Key of the digests that stand for natural persons' identity numbers; at least 32 random characters, "
        "the same for every process, for ever. Unset: made once and kept as `person.key` in the home.",
    )

    log_format: Literal["text", "json"] = Field(
        default="text", description="`text` for people, `json` for one object per line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    story_clock: str = Field(
        default="",
        description="Only for demonstrations: `BEGINS;SPEED;SINCE` makes every process tell the time of a story.",
    )
    zone: str = Field(default=ZONE, description="Time zone of working days, deadlines and everything shown to people.")


def in_role(database_url: str, role: str) -> str:
    """`database_url` with every session working as `role`, whoever logs in (the owner or the role itself)."""
    joint = "&" if "?" in database_url else "?"
    return f"{database_url}{joint}options={quote(f'-c role={role}')}"
