"""A PostgreSQL cluster for one run of the tests, checks or measurements: made, used and removed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPostgres(Exception):
    """No PostgreSQL server programs on this machine; says what to install."""


def programs() -> Path:
    """The folder with `initdb` and `pg_ctl`: the newest that Debian keeps aside, else what the path finds."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(path.parent.parent.name.split(".")[0]))
    if newest:
        return newest[-1].parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise NoPostgres("No PostgreSQL server found: install it (on Debian: apt-get install postgresql).")


def _owner() -> pwd.struct_passwd | None:
    """Who runs the cluster: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL cannot be run by root, and there is no user “postgres” or “nobody” to run it.")


@contextmanager
def scratch_postgres(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database `ambit` in a cluster of its own, reached by a socket only.

    Without `durable` it does not wait for the disk: right for tests, wrong for measuring.
    """
    bin_folder, owner = programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="ambit-pg-"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(bin_folder / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # not a pipe: the server would hold it open for ever
            stderr=(log := (folder / "errors").open("w+")),
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            cwd=folder,
            check=False,
        )
        log.seek(0)
        words = log.read()
        log.close()
        if done.returncode:
            raise RuntimeError(f"{program} failed: {words.strip()}")

    try:
        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "ambit",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = f"-k {folder} -c listen_addresses= -c max_connections=200"
        if not durable:
            options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            run("createdb", "-h", str(folder), "-U", "ambit", "ambit")
            yield f"postgresql://ambit@/ambit?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
