"""What an operator may set: one table, read from the environment (and an optional `.env`), described where it stands.

Every name below is set as `DOORSTROOM_<NAME>`; the database may also be named by the `DATABASE_URL` of a host.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """The configuration of one process; immutable once read."""

    model_config = SettingsConfigDict(
        env_prefix="DOORSTROOM_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # an address carries a password
    )

    database_url: str | None = Field(
        default=None,
        repr=False,
        validation_alias=AliasChoices("DOORSTROOM_DATABASE_URL", "DATABASE_URL"),
        description="PostgreSQL as the application's own role. Left out: the embedded PostgreSQL is started.",
    )
    database_owner_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL as the role that owns the tables; used by `doorstroom migrate` only. "
        "Left out: the role of DATABASE_URL, which then can change its own tables.",
    )
    portal_database_url: str | None = Field(
        default=None,
        repr=False,
        description="PostgreSQL as the role that pages read under, held to the rows a visitor may see. Needed by the "
        "portal only, and never the same role as DATABASE_URL.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, description="Connections a process keeps open; about half of the activities it runs at once."
    )
    database_pool_overflow: int = Field(
        default=5, ge=0, description="Connections a process may open beyond the pool for a short while."
    )
    temporal_address: str = Field(default="127.0.0.1:7233", description="Host and port of Temporal's frontend.")
    temporal_namespace: str = Field(default="default", description="Namespace of Temporal that holds the dossiers.")
    temporal_task_queue: str = Field(default="dossiers", description="Task queue on which the worker listens.")
    deployment_name: str = Field(default="doorstroom", description="Name of the worker deployment in Temporal.")
    build_id: str = Field(
        default="development", description="Version of the code this worker runs; a dossier stays on it within a phase."
    )
    sticky_timeout_seconds: float = Field(
        default=2.0, gt=0, description="Seconds after which the dossiers of a dead worker go to another one."
    )
    cached_workflows: int = Field(
        default=1000,
        ge=0,
        description="Dossiers a worker keeps in memory, about 1 MB each; one that is not there is read back from its "
        "history before it goes on.",
    )
    workflow_sandbox: bool = Field(
        default=True,
        description="Whether workflows run in Temporal's sandbox, which catches what may not be done there. Tests "
        "always do; a release that passed them may leave it out and save a third of the worker's CPU.",
    )
    payload_keys: str | None = Field(
        default=None,
        repr=False,
        description="Keys that encrypt what Temporal stores: 'id:base64,id:base64'. The first encrypts, all decrypt. "
        "Left out: no encryption.",
    )
    import_key: str | None = Field(
        default=None,
        repr=False,
        min_length=32,
        description="Secret by which imports recognise a person or an application without naming them; the same for "
        "every import, 32 characters or more. Left out: one of the state directory, drawn once.",
    )
    smtp_host: str = Field(default="127.0.0.1", description="Mail server that takes our mails.")
    smtp_port: Port = Field(default=25, description="Its port.")
    smtp_user: str | None = Field(default=None, description="Name to sign in with; left out: no sign-in.")
    smtp_password: str | None = Field(default=None, repr=False, description="Password that belongs to it.")
    smtp_starttls: bool = Field(
        default=False, description="Whether to insist on encryption of the connection (STARTTLS)."
    )
    smtp_sender: str = Field(default="doorstroom@localhost", description="Address our mails come from.")
    sms_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Where the provider of text messages takes them (docs/channels.md); left out: nobody gets one, and "
        "who asked for it is reached another way.",
    )
    sms_token: str | None = Field(default=None, repr=False, description="Bearer token for that provider.")
    sms_sender: str = Field(
        default="Doorstroom",
        pattern=r"^(\+\d{6,15}|[A-Za-z0-9 ]{1,11})$",
        description="Who a text comes from: a number in full, or eleven letters at most.",
    )
    messages_per_minute: int = Field(
        default=60,
        ge=1,
        le=6000,
        description="How many messages leave for participants in a minute at most; what waited is spread by it.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="'text' for people, 'json' for machines, 'auto': text when a terminal is attached."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe level that is written."
    )
    metrics_address: str | None = Field(
        default=None, description="Host and port where Temporal's SDK offers its Prometheus metrics; left out: nowhere."
    )
    product_metrics_port: Port | None = Field(
        default=None,
        description="Port where the worker offers the product's own Prometheus metrics; left out: nowhere.",
    )
    rehearsal_allowed: bool = Field(
        default=False,
        description="Whether rehearsed staff may act here. Never in production: they decide by themselves.",
    )
    portal_host: str = Field(default="127.0.0.1", description="Address on which the portal listens.")
    portal_port: Port = Field(default=18080, description="Port of the portal; 0 takes a free one.")
    portal_public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+$",
        description="Address by which people reach the portal, such as https://portaal.example: it stands in mails and "
        "is told to the identity provider. Left out: the host and port above.",
    )
    portal_key: str | None = Field(
        default=None,
        repr=False,
        min_length=32,
        description="Secret of the portal, 32 characters or more, the same for every portal: by it people are known "
        "without their names, and forms kept. Left out: one drawn at each start; sign-in by a provider needs one.",
    )
    oidc_issuer: str | None = Field(
        default=None, description="OpenID provider of employers, such as ACM/IDM; left out: they sign in by a link."
    )
    oidc_client_id: str = Field(default="doorstroom", description="Name of this house at that provider.")
    oidc_client_secret: str | None = Field(default=None, repr=False, description="Its secret there.")
    oidc_staff_issuer: str | None = Field(
        default=None, description="OpenID provider of staff; it may be the same one. Left out: they sign in by a link."
    )
    oidc_staff_client_id: str = Field(default="doorstroom", description="Name of this house at that provider.")
    oidc_staff_client_secret: str | None = Field(default=None, repr=False, description="Its secret there.")
    oidc_role_claim: str = Field(
        default="doorstroom_rol_3d",
        description="Claim that lets staff in: a list of role:organisation, of which one role must be 'medewerker'.",
    )
    state_directory: Path = Field(
        default=Path(".doorstroom"),
        description="Where the one-machine stack keeps its databases, logs and caught mails.",
    )
    upload_directory: Path = Field(
        default=Path(".doorstroom/uploads"),
        description="Where the portal keeps the content of uploaded documents, and workers erase it; all share it.",
    )
    retention_years: int = Field(
        default=5,
        ge=1,
        description="Years after closing in which names, contacts, free text and documents of a dossier are kept "
        "[example: the fund confirms its own term].",
    )
    retention_books_years: int = Field(
        default=10,
        ge=7,
        description="Years after the year of the last payment in which what proves it is kept (WIB art. 315).",
    )
    upload_limit_mb: int = Field(
        default=25, ge=1, description="Most megabytes of one uploaded document; the portal tells it beforehand."
    )
    bank_folder: Path = Field(
        default=Path(".doorstroom/bank"),
        description="Where files of payment runs are laid for the bank (out/FUND) and its own are read (in); "
        "all workers share it.",
    )
    returned_mail_folder: Path = Field(
        default=Path(".doorstroom/returned"),
        description="Where the mail server puts mails that came back (in, one .eml file each); all workers share it.",
    )
    banks_on_version_3: str = Field(
        default="",
        description="BICs, with commas between, of banks that still take pain.001.001.03; the others get .09.",
    )
    embedded_postgres_port: Port = Field(
        default=15432, description="Port of the embedded PostgreSQL; 0 takes a free one."
    )
    embedded_temporal_port: Port = Field(
        default=17233, description="Port of the embedded Temporal; 0 takes a free one."
    )
    embedded_temporal_ui_port: Port = Field(
        default=18233, description="Port of the embedded Temporal's web pages; 0 takes a free one."
    )
    embedded_mail_port: Port = Field(
        default=11025, description="Port of the embedded mail catcher; 0 takes a free one."
    )
    embedded_sms_port: Port = Field(
        default=11026, description="Port of the embedded receiver of text messages; 0 takes a free one."
    )

    @field_validator("database_url", "database_owner_url", "portal_database_url")
    @classmethod
    def _driver(cls, url: str | None) -> str | None:
        """Turn the spellings hosts hand out (`postgres://`, `sslmode=`) into the one SQLAlchemy with asyncpg takes."""
        if url is None:
            return None
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        if parsed.get_backend_name() != "postgresql":
            raise ValueError("alleen PostgreSQL wordt ondersteund: begin het adres met postgresql://")
        if "sslmode" in parsed.query:
            sslmode = parsed.query["sslmode"]
            parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode})
        return parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        """Whoever signs in by a provider is known by the key, for ever."""
        if (self.oidc_issuer or self.oidc_staff_issuer) and self.portal_key is None:
            raise ValueError("DOORSTROOM_PORTAL_KEY ontbreekt: aanmelden met een provider heeft het nodig")
        return self

    @property
    def portal_address(self) -> str:
        """The address by which people reach the portal."""
        return self.portal_public_url or f"http://{self.portal_host}:{self.portal_port}"

    @property
    def migration_url(self) -> str | None:
        """The address migrations use: the owner's when it is set, otherwise the application's."""
        return self.database_owner_url or self.database_url


@lru_cache(maxsize=1)
def current_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a value in the environment does not fit; its text names the setting.
    """
    return Settings()
