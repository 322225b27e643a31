"""The passphrases and the signing key of the emergency summaries, kept beside the database with owner-only rights.

They are made when first needed and are in no backup: who steals one can neither read the summaries nor write others.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

# without letters and figures that are mistaken for each other on paper: 4 groups of 4 are 79 bits
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def _folder() -> Path:
    folder = Path(settings.HOME) / "summaries"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def signing_key() -> Ed25519PrivateKey:
    """The site's key for summaries; made once."""
    path = _folder() / "signing.key"
    try:
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def fingerprint(key: Ed25519PublicKey) -> str:
    """Sixteen letters by which people compare a key: the beginning of its SHA-256, in groups of four."""
    found = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
    return " ".join(found[at : at + 4] for at in range(0, 16, 4))


def passphrase(code: str) -> str:
    """The passphrase of one organisation's summaries, the same every night; made when first asked for."""
    known = passphrases()
    if code not in known:
        known[code] = new_passphrase()
        _keep(known)
    return known[code]


def change_passphrase(code: str) -> str:
    """A new passphrase, for the summaries written from now on."""
    known = passphrases() | {code: new_passphrase()}
    _keep(known)
    return known[code]


def passphrases() -> dict[str, str]:
    """Every passphrase that was made, by the organisation's code."""
    try:
        return dict(json.loads((_folder() / "passphrases.json").read_text()))
    except FileNotFoundError:
        return {}


def new_passphrase() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _keep(known: dict[str, str]) -> None:
    half = _folder() / "passphrases.half"
    with half.open("w") as file:
        os.fchmod(file.fileno(), 0o600)
        json.dump(known, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    half.replace(_folder() / "passphrases.json")
