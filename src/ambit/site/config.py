"""Every setting a site can make, with its meaning. Each is read from `AMBIT_<NAME>` in the environment.

`docs/running/settings.md` is printed from here; a test keeps the two the same.
"""

import os
import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[3]


def usual_home() -> Path:
    """`var/` beside a checkout; the user's data folder for an installed wheel."""
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / "var"
    return Path.home() / ".local" / "share" / "ambit"


def deployment_mark(home: Path) -> Path:
    """The file by which a site remembers, without the environment, that it is a demonstration."""
    return home / "deployment"


def remembered_deployment(given: dict[str, Any]) -> Literal["demonstration", "live"]:
    """What the site was made as; `live` when nothing says otherwise."""
    try:
        mark = deployment_mark(given["home"]).read_text().strip()
    except OSError:
        mark = ""
    return "demonstration" if mark == "demonstration" else "live"


def becomes_demonstration() -> None:
    """Make a new site a demonstration and let it remember so; a site that already stands is left what it is.

    With a database elsewhere nobody can tell from here whether it is new: then the environment has to say it.
    """
    given = Config()
    stands = bool(given.database_url) or (given.home / "ambit.sqlite3").exists()
    if not stands and "AMBIT_DEPLOYMENT" not in os.environ:
        os.environ["AMBIT_DEPLOYMENT"] = "demonstration"
        given.home.mkdir(parents=True, exist_ok=True)
        deployment_mark(given.home).write_text("demonstration\n")


class Config(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AMBIT_", extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=usual_home,
        description="Folder that holds everything a site keeps: databases, population store, uploads, anchors.",
    )
    database_url: str = Field(
        default="",
        description="PostgreSQL address (postgresql://user:password@host:port/name); empty means SQLite in the home folder.",
    )
    deployment: Literal["demonstration", "live"] = Field(
        default_factory=remembered_deployment,
        description="`demonstration` accepts fictional people only and shows /design/; `live` requires a second factor. "
        "Unset, a home folder made by `ambit run` stays a demonstration and every other is live.",
    )
    place_name: str = Field(
        default="Thornmere and Eskvale", description="Name of the place, shown in the header of every page."
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1,[::1]", description="Host names the site answers to, separated by commas."
    )
    public_address: str = Field(
        default="http://localhost:8000",
        description="Address under which people reach the site, for codes on paper and links in mail; no slash at its end.",
    )
    https: bool = Field(
        default=False,
        description="The site is reached over HTTPS: cookies are marked secure and HSTS is sent.",
    )
    secret_key: str = Field(
        default="", description="Signing key; empty means one is made once and kept in the home folder."
    )
    sharing_policy: Literal["implied_with_objection", "explicit_opt_in"] = Field(
        default="implied_with_objection",
        description="Basis on which a plan is shared with those directly caring for the person.",
    )
    objected_record_existence: Literal["hidden", "shown"] = Field(
        default="hidden",
        description="Whether routine readers learn that a record exists when the person has objected to sharing.",
    )
    licensed_instruments: str = Field(
        default="",
        description="Instruments whose owners have licensed them to this site, by their packs' ids, separated by commas "
        "(such as `ipos-staff-3-day`). Others that need a licence stay off.",
    )
    ranking_signed_off_by: str = Field(
        default="",
        description="Who signed off, here and in writing, that people found may be put in the order of predicted yield "
        "(see `docs/safety/intended-purpose.md`). Empty means that nobody did, and that order is not offered.",
    )
    sealed_existence: Literal["shown", "hidden"] = Field(
        default="shown",
        description="Whether staff who may not see a sealed section learn that one is there. The person is never told.",
    )
    attachment_megabytes: PositiveInt = Field(
        default=20, description="Size in megabytes up to which a file can be attached to a plan."
    )
    idle_minutes: PositiveInt = Field(
        default=30, description="Minutes without activity after which somebody is signed out (drafts are kept)."
    )
    break_glass_hours: PositiveFloat = Field(default=4, description="Hours for which an emergency opening lasts.")
    break_glass_review_days: PositiveInt = Field(
        default=5, description="Working days within which the privacy officer reviews an emergency opening."
    )
    code_minutes: PositiveInt = Field(
        default=10, description="Minutes for which a code works that a person shows from their own phone."
    )
    code_opens_hours: PositiveFloat = Field(
        default=4, description="Hours for which a record stays open to who was shown it with a code."
    )
    require_second_factor: bool | None = Field(
        default=None,
        description="Staff need a passkey or an authenticator app; unset means yes in a live deployment.",
    )
    nhs_login_issuer: str = Field(
        default="",
        description="Address of NHS login's issuer; with the client and key below, people may sign in with NHS login (level P9).",
    )
    nhs_login_client_id: str = Field(default="", description="The site's client identifier at NHS login.")
    nhs_login_key: Path | None = Field(
        default=None,
        description="File with the private key (PEM) whose public half NHS login holds; signs in the site by private_key_jwt.",
    )
    terminology_server: str = Field(
        default="",
        description="FHIR address of a terminology server (https://terminology.example/fhir), from which "
        "`ambit codelists expand` brings code lists. Empty means that there is none.",
    )
    terminology_token: str = Field(default="", description="Bearer token that the terminology server asks for, if any.")
    language: Literal["en", "cy"] = Field(
        default="en", description="Language of pages unless the reader's browser asks for the other."
    )
    time_zone: str = Field(default="Europe/London", description="Time zone in which times are shown.")
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        default="FULL",
        description="SQLite durability. NORMAL is faster and may lose the last saves in a power cut: for trials only.",
    )
    seal_seconds: PositiveFloat = Field(default=1.0, description="Seconds between two rounds of the audit sealer.")
    summaries_folder: Path | None = Field(
        default=None,
        description="Folder into which emergency summaries are written every night for a day without the system; "
        "put it where it is still reached when this site is not. Unset, none are written.",
    )
    email_url: str = Field(
        default="", description="Mail server (smtp://user:password@host:port); empty prints mail to the log."
    )
    email_from: str = Field(default="ambit@localhost", description="Sender of the site's mail.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )
    debug: bool = Field(default=False, description="Show errors in full. Never in a live deployment.")

    @property
    def second_factor(self) -> bool:
        if self.require_second_factor is None:
            return self.deployment == "live"
        return self.require_second_factor

    def signing_key(self) -> str:
        """The site's signing key: from the environment, else made once and kept with owner-only rights."""
        if self.secret_key:
            return self.secret_key
        path = self.home / "secret-key"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x") as file:
                    path.chmod(0o600)
                    file.write(secrets.token_urlsafe(48))
            except FileExistsError:
                pass
            return path.read_text().strip()
