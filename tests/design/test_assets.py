"""Front-end files come from npm at build time, cleaned, and are not fetched twice."""

import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from ambit.design import assets


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own, with a lock and a stand-in for npm."""
    monkeypatch.setattr(assets, "CHECKOUT", tmp_path)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "static" / "vendor")
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "static" / "vendor" / "manifest.json")
    (tmp_path / "package-lock.json").write_text("{}")
    calls = []

    def npm(command, **_options):
        calls.append(command)
        package = tmp_path / "node_modules" / "nhsuk-frontend"
        (package / "dist" / "nhsuk").mkdir(parents=True, exist_ok=True)
        (package / "package.json").write_text('{"version": "10.6.1", "license": "MIT"}')
        (package / "dist/nhsuk/nhsuk-frontend.min.css").write_text(
            "@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/x.woff2)}body{margin:0}\n"
            "/*# sourceMappingURL=x.css.map */"
        )
        (package / "dist/nhsuk/nhsuk-frontend.min.js").write_text("export{a}\n//# sourceMappingURL=x.js.map")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(assets.subprocess, "run", npm)
    monkeypatch.setattr(assets, "_npm", lambda: ["npm"])
    return tmp_path, calls


def test_files_are_fetched_once_and_cleaned(checkout):
    folder, calls = checkout
    assert assets.build() is True
    assert assets.build() is False
    assert len(calls) == 1
    css = (folder / "static/vendor/nhsuk-frontend.min.css").read_text()
    assert css == "body{margin:0}\n"
    assert "sourceMappingURL" not in (folder / "static/vendor/nhsuk-frontend.min.js").read_text()


def test_a_changed_lock_fetches_again(checkout):
    folder, calls = checkout
    assets.build()
    (folder / "package-lock.json").write_text('{"new": true}')
    assert assets.build() is True
    assert len(calls) == 2


def test_the_manifest_says_what_each_file_is(checkout):
    folder, _calls = checkout
    assets.build()
    for about in json.loads((folder / "static/vendor/manifest.json").read_text())["files"]:
        text = (folder / "static/vendor" / about["file"]).read_bytes()
        assert about["sha256"] == hashlib.sha256(text).hexdigest()
        assert about["licence"] == "MIT"


def test_without_a_network_it_says_what_to_do(checkout, monkeypatch):
    def fails(command, **_options):
        return subprocess.CompletedProcess(command, 1, "", "network is unreachable")

    monkeypatch.setattr(assets.subprocess, "run", fails)
    with pytest.raises(assets.CannotBuild, match="Check the network"):
        assets.build()
    assert not assets.MANIFEST.exists()


def test_an_installed_wheel_carries_its_files_and_fetches_nothing(checkout):
    folder, calls = checkout
    assets.build()
    (folder / "package-lock.json").unlink()
    assert assets.build() is False
    assert len(calls) == 1


def test_the_committed_lock_names_no_registry():
    lock = (assets.Path(assets.__file__).parents[3] / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "http" not in lock


def test_two_starts_at_once_fetch_once(checkout):
    _folder, calls = checkout
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _number: assets.build(), range(2)))
    assert sorted(done) == [False, True]
    assert len(calls) == 1
