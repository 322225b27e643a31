"""One file with everything a site keeps, made while it is in use; and putting it back.

The file is a zip: `manifest.json` (what, when, which database, the SHA-256 of every part) and the parts: the database
(SQLite's own file by its backup interface, or PostgreSQL's custom dump), the population store, uploads, the audit
trail's anchors and its spool. The signing key is left out: a stolen backup must not let anybody sign sessions, and
after a restore on a new machine everybody signs in again.

Anchors and spool are copied before the database: an anchor must never speak of a seal that the copy does not hold,
and a line that is in both the spool and the trail is replayed once.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from ambit.audit.actions import record
from ambit.audit.models import AuditLine
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.people.models import Person

FORMAT = 1
BEFORE_THE_DATABASE = ("anchors", "spool")
AFTER_THE_DATABASE = ("population", "uploads", "packs", "deployment")
DATABASE = "database"
# already compressed; squeezing it again only costs time
STORED = {".parquet", ".jpg", ".jpeg", ".png", ".pdf", ".zip", ".dump"}
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, as `ambit backup` and `ambit restore` say it."""

    file: str
    bytes: int
    sha256: str
    people: int
    audit_lines: int


def back_up(*, by: Reader, file: Path) -> Backup:
    """Copy everything a site keeps into `file`; half a backup is never left there."""
    by.must("operate")
    if file.exists():
        raise Refused(f"{file} is already there. Give another name: a backup never replaces another.")
    done = _write(file)
    with transaction.atomic():
        details = {"sha256": done.sha256, "people": done.people, "audit_lines": done.audit_lines}
        record(by=by, what="made a backup", details=details)
    return done


def restore(*, by: Reader, file: Path, replace: bool = False, sha256: str = "") -> Backup:
    """Put a backup back, after checking every part of it; what is replaced is kept beside it as a backup of its own."""
    by.must("operate")
    if not zipfile.is_zipfile(file):
        raise Refused(f"{file} is not a backup of Ambit, or only a part of one. Nothing was changed.")
    whole = _hash_of(file)
    if sha256 and whole != sha256.lower():
        raise Refused(f"{file} has SHA-256 {whole}, not {sha256}: it was changed or cut short. Nothing was changed.")
    if not replace and (held := _held()):
        raise Refused(
            f"This site already holds {held}. To put the backup in its place, add --replace: "
            "what is here now is kept as a backup in the folder “replaced”."
        )
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="restoring-") as folder:
        staged = Path(folder)
        manifest = _unpack(file, staged)
        if replace and _held():
            _write(home / "replaced" / f"{timezone.now():%Y%m%dT%H%M%S%fZ}.zip")
        _put_database_back(staged / DATABASE)
        for name in (*BEFORE_THE_DATABASE, *AFTER_THE_DATABASE):
            _swap(home / name, staged / name, aside=staged / f"{name}.before")
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        record(by=by, what="restored a backup", details={"sha256": whole, "made_at": manifest["made_at"]})
    return Backup(str(file), file.stat().st_size, whole, manifest["people"], manifest["audit_lines"])


def _write(file: Path) -> Backup:
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.half")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            parts: dict[str, str] = {}
            with half.open("wb") as out:
                os.fchmod(out.fileno(), 0o600)
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    for name in BEFORE_THE_DATABASE:
                        _add_all(archive, parts, Path(settings.HOME) / name)
                    copy = Path(folder) / DATABASE
                    counts = _copy_database(copy)
                    parts[DATABASE] = _add(archive, copy, DATABASE)
                    for name in AFTER_THE_DATABASE:
                        _add_all(archive, parts, Path(settings.HOME) / name)
                    manifest = {
                        "format": FORMAT,
                        "made_at": timezone.now().isoformat(),
                        "database": connection.vendor,
                        **counts,
                        "parts": parts,
                    }
                    archive.writestr("manifest.json", json.dumps(manifest, indent=1))
                out.flush()
                os.fsync(out.fileno())
        half.rename(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return Backup(str(file), file.stat().st_size, _hash_of(file), counts["people"], counts["audit_lines"])


def _add_all(archive: zipfile.ZipFile, parts: dict[str, str], path: Path) -> None:
    """A file or every file of a folder. A file that its writer takes away meanwhile is no part of the site any more."""
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    for each in found:
        if each.is_file() and not each.name.endswith(".half") and each != path / "reserve":
            name = each.relative_to(settings.HOME).as_posix()
            try:
                parts[name] = _add(archive, each, name)
            except FileNotFoundError:
                continue


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    """Put one file in, hashing exactly the bytes that went in, however the file grows meanwhile."""
    with path.open("rb") as source:
        info = zipfile.ZipInfo.from_file(path, name)
        info.compress_type = zipfile.ZIP_STORED if path.suffix in STORED else zipfile.ZIP_DEFLATED
        hashed = hashlib.sha256()
        with archive.open(info, "w", force_zip64=True) as part:
            _copy(source, part, hashed)
    return hashed.hexdigest()


def _copy(source: Any, target: Any, hashed: Any) -> None:
    while chunk := source.read(CHUNK):
        hashed.update(chunk)
        target.write(chunk)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Take every part out into `folder`, checking its hash; nothing of the site is touched."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if manifest["format"] != FORMAT:
                raise Refused(
                    f"{file} was made by another release (format {manifest['format']}). Restore it with that."
                )
            if manifest["database"] != connection.vendor:
                raise Refused(
                    f"{file} holds a {manifest['database']} database; this site uses {connection.vendor}. "
                    "Set AMBIT_DATABASE_URL to a database of the same kind."
                )
            if set(archive.namelist()) != {*manifest["parts"], "manifest.json"}:
                raise Refused(f"{file} does not hold the parts that its list names. Nothing was changed.")
            for name, right in manifest["parts"].items():
                _unpack_one(archive, name, right, folder)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError) as problem:
        raise Refused(f"{file} is damaged ({type(problem).__name__}). Nothing was changed.") from problem
    return manifest


def _unpack_one(archive: zipfile.ZipFile, name: str, right: str, folder: Path) -> None:
    path = PurePosixPath(name)
    known = {DATABASE, *BEFORE_THE_DATABASE, *AFTER_THE_DATABASE}
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in known:
        raise Refused(f"The backup holds a part that is none of Ambit's: {name}. Nothing was changed.")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    hashed = hashlib.sha256()
    with archive.open(name) as part, target.open("wb") as out:
        _copy(part, out, hashed)
        out.flush()
        os.fsync(out.fileno())
    if hashed.hexdigest() != right:
        raise Refused(f"{name} in the backup was changed since it was made. Nothing was changed.")


def _swap(place: Path, staged: Path, *, aside: Path) -> None:
    """Put what the backup holds in place of what is there; two renames, so never half of either."""
    if place.exists():
        place.rename(aside)
    if staged.exists():
        staged.rename(place)


def _held() -> str:
    """What this site already holds, in words; empty when it is new."""
    tables = connection.introspection.table_names()
    people = Person.objects.count() if Person._meta.db_table in tables else 0
    lines = AuditLine.objects.count() if AuditLine._meta.db_table in tables else 0
    kept = [name for name in ("population", "uploads") if any((Path(settings.HOME) / name).rglob("*"))]
    words = [f"{people} people"] if people else []
    words += [f"{lines} audit lines"] if lines else []
    words += [f"files in {' and '.join(kept)}"] if kept else []
    return ", ".join(words)


def _copy_database(to: Path) -> dict[str, int]:
    if connection.vendor == "postgresql":
        return _dump_postgresql(to)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as ours, closing(sqlite3.connect(to)) as copy:
        # in one step: a copy in several starts again with every save that comes between
        ours.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Refused("The copy of the database is not sound: run PRAGMA integrity_check on the site's own file.")
        return {
            "people": copy.execute(f"SELECT count(*) FROM {Person._meta.db_table}").fetchone()[0],  # noqa: S608
            "audit_lines": copy.execute(f"SELECT count(*) FROM {AuditLine._meta.db_table}").fetchone()[0],  # noqa: S608
        }


def _dump_postgresql(to: Path) -> dict[str, int]:
    """The dump sees the very moment at which people and lines are counted."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = {"people": Person.objects.count(), "audit_lines": AuditLine.objects.count()}
        command, environment = _postgresql("pg_dump")
        _run([*command, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={to}"], environment)
    return counts


def _put_database_back(copy: Path) -> None:
    if connection.vendor == "postgresql":
        _load_postgresql(copy)
        return
    connection.close()
    with (
        closing(sqlite3.connect(copy)) as ours,
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as site,
    ):
        site.execute("PRAGMA journal_mode=WAL")
        site.execute("PRAGMA synchronous=FULL")
        # one transaction of the site's own file: those who use it see the old content, then the new
        ours.backup(site, pages=-1)


def _load_postgresql(copy: Path) -> None:
    """Everything in one transaction: it is all put back, or nothing is."""
    connection.close()
    script = copy.with_name("database.sql")
    command, environment = _postgresql("pg_restore")
    _run([command[0], "--no-owner", f"--file={script}", str(copy)], environment)
    begin = copy.with_name("begin.sql")
    begin.write_text("DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
    command, environment = _postgresql("psql")
    quiet = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
    _run([*command, *quiet, f"--file={begin}", f"--file={script}"], environment)


def _postgresql(program: str) -> tuple[list[str], dict[str, str]]:
    """The command line of one of PostgreSQL's programs for this site's database, and its environment."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(program)
    if not found:
        raise Refused(f"{program} was not found: install PostgreSQL's client programs (postgresql-client).")
    site = connection.settings_dict
    words = [found, f"--dbname={site['NAME']}"]
    words += [f"--{option}={site[name]}" for option, name in (("host", "HOST"), ("port", "PORT")) if site[name]]
    words += [f"--username={site['USER']}"] if site["USER"] else []
    return words, {**os.environ, "PGPASSWORD": site["PASSWORD"]}


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        # the program's words may quote a row
        first = done.stderr.strip().splitlines()[0] if done.stderr.strip() else f"status {done.returncode}"
        raise Refused(f"{Path(command[0]).name} failed: {first[:200]}")
