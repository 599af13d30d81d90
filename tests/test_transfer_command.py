"""archiver transfer as a command: targets by name and address, exit status, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shipments import make_bag
from typer.testing import CliRunner

from archiver.cli.app import app

TARGETS = """
[organisation]
name = "Archive of Qinghe"
contact-email = "archive@example.org"
[targets.vault]
kind = "ocfl"
path = "vault"
layout = "0003"
[targets.tape]
kind = "tape"
path = "/dev/null"
[targets.slip]
kind = "ocfl"
path = "slip"
layouts = "0003"
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "archiver.toml").write_text(TARGETS)
    make_bag(tmp_path / "packages/one")
    make_bag(tmp_path / "packages/two")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    return tmp_path


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    done = CliRunner().invoke(app, ["transfer", *arguments, "--output-format", "json"])
    return done.exit_code, json.loads(done.stdout)


def test_to_a_named_target(workspace: Path) -> None:
    status, report = run("packages/one", "packages/two", "vault")
    assert (status, report["outcome"]) == (0, "passed")
    assert [receipt["holding"] for receipt in report["receipts"]] == ["stored", "stored"]  # type: ignore[index,attr-defined]
    inventory = next((workspace / "vault").rglob("one/inventory.json"))
    version = json.loads(inventory.read_bytes())["versions"]["v1"]
    assert version["user"] == {"name": "Archive of Qinghe", "address": "mailto:archive@example.org"}
    assert version["created"].startswith("2026-01-02T03:04:05")


def test_to_an_address_from_the_current_folder(workspace: Path) -> None:
    assert run("packages/one", "file:there")[0] == 0
    assert (workspace / "there/one/bagit.txt").is_file()
    assert run("packages/one", "ocfl:root", "--layout", "0002")[0] == 0
    assert (workspace / "root/one/inventory.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["packages/one", "valt"], 2, "Did you mean vault?"),
        (["packages/one"], 2, "at least one package"),
        (["packages/one", "tape"], 2, "'tape' is not one of"),
        (["packages/one", "slip"], 2, "'layouts' is no option"),
        (["packages/one", "file:there", "--layout", "0003"], 2, "no option of kind file"),
        (["packages/one", "ocfl:there", "--layout", "0099"], 2, "0099"),
        (["packages/none", "file:there"], 2, "packages/none"),
        (["packages/one", "file:no/such/place"], 2, "no folder"),
        (["packages/one", "file:packages"], 2, "lies itself"),
    ],
)
def test_what_cannot_be_done_is_said(workspace: Path, arguments: list[str], status: int, words: str) -> None:
    found, report = run(*arguments)
    assert found == status
    assert words in report["error"]["message"]  # type: ignore[index]
    assert report["receipts"] == []
    assert sorted(path.name for path in workspace.iterdir()) == ["archiver.toml", "packages"]


def test_a_damaged_package_stays(workspace: Path) -> None:
    (workspace / "packages/two/data/original/0001.txt").write_bytes(b"not one\n")
    status, report = run("packages/one", "packages/two", "vault")
    assert status == 1
    assert [line["note"] for line in report["packages"]] == ["stored v1", "not sent"]  # type: ignore[index,attr-defined]
    assert not list((workspace / "vault").rglob("two"))
