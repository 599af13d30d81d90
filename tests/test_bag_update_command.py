"""`archiver bag update` as people run it, alone and in a workspace whose register states the package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from bags import BagBuilder, tree
from workspaces import QINGHE, archiver, workspace

CONTACT = ("--set-info", "Contact-Name: A. Archivist", "--reason", "the contact was missing")


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Path]:
    """A workspace, and its one package."""
    root = workspace(tmp_path / "desk")
    (root / "incoming").mkdir()
    shutil.copyfile(QINGHE, root / "incoming" / QINGHE.name)
    assert archiver("accession", "incoming", cwd=root).status == 0
    (package,) = (root / "packages").iterdir()
    return root, package


def record(root: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (root / "accessions/2026.001/events.jsonl").read_text().splitlines()]


def seal_of(outcome: Any) -> str:
    (package,) = outcome.data["packages"]
    return json.dumps(package["seal"])


def test_the_record_states_the_new_seal_and_keeps_the_old(desk: tuple[Path, Path]) -> None:
    root, package = desk
    (made,) = [event for event in record(root) if event["type"] == "ipc"]
    done = archiver("bag", "update", package, *CONTACT, cwd=root)
    assert done.status == 0, done.err
    event = record(root)[-1]
    assert event["type"] == "mem"
    assert event["note"] == "the contact was missing"
    assert event["data"]["replaces"] == made["data"]["seal"]
    assert event["data"]["operator"] == "A. Archivist"
    assert event["data"]["package"] == f"packages/{package.name}"
    assert archiver("register", "verify", cwd=root).status == 0
    assert archiver("register", "verify", cwd=root).codes() == []
    assert archiver("validate", package, cwd=root).codes("error") == []
    shown = archiver("register", "show", "2026.001", cwd=root, json_report=False)
    assert "metadata modification" in shown.out
    assert event["data"]["seal"] in shown.out
    assert made["data"]["seal"] in (root / "accessions/2026.001/events.jsonl").read_text()


def test_the_deposit_is_still_known_and_the_package_is_transferred_as_a_new_version(desk: tuple[Path, Path]) -> None:
    root, package = desk
    assert archiver("transfer", package, "ocfl:vault", cwd=root).status == 0
    assert archiver("bag", "update", package, *CONTACT, cwd=root).status == 0
    again = archiver("accession", "incoming", cwd=root)
    assert (again.status, again.codes("error")) == (0, [])
    assert "already accession" in again.out
    sent = archiver("transfer", package, "ocfl:vault", cwd=root)
    assert sent.status == 0, sent.err
    assert [code for code, _line in sent.codes() if code == "TRA-003"] == []
    assert sent.data["receipts"][0]["holding"] == "new version"


def test_an_update_made_elsewhere_is_recorded_by_the_next_run_here(desk: tuple[Path, Path], tmp_path: Path) -> None:
    """Two updates where the record was not at hand, as on another machine."""
    root, package = desk
    away = tmp_path / "away" / package.name
    away.parent.mkdir()
    shutil.move(package, away)
    for label in ("Contact-Name", "Contact-Email"):
        done = archiver("bag", "update", away, "--info", f"{label}: x", "--reason", label, cwd=tmp_path)
        assert done.status == 0, done.err
        assert any("whose record is not here" in note for note in done.data["notes"])
    shutil.move(away, package)
    assert [code for code, _line in archiver("register", "verify", cwd=root).codes()] == ["REG-005"]
    done = archiver("bag", "update", package, "--reason", "home again", cwd=root)
    assert done.status == 0, done.err
    assert done.data["packages"][0]["note"] == "nothing to update"
    updates = [event for event in record(root) if event["type"] == "mem"]
    assert [event["note"] for event in updates] == ["Contact-Name", "Contact-Email"]
    assert updates[0]["data"]["seal"] == updates[1]["data"]["replaces"]
    assert archiver("register", "verify", cwd=root).codes() == []


def test_tag_manifests_made_anew_by_another_program_are_not_sealed(desk: tuple[Path, Path]) -> None:
    import bagit

    root, package = desk
    foreign = bagit.Bag(str(package))
    foreign.info["Contact-Name"] = "somebody"
    foreign.save()
    before = tree(package)
    done = archiver("bag", "update", package, "--reason", "x", cwd=root)
    assert done.status == 1
    assert [code for code, _line in done.codes("error")] == ["UPD-003"]
    assert tree(package) == before
    assert [event["type"] for event in record(root)].count("mem") == 0


def test_a_damaged_record_ends_the_update_before_anything_is_written(desk: tuple[Path, Path]) -> None:
    root, package = desk
    events = root / "accessions/2026.001/events.jsonl"
    events.write_text(events.read_text().replace("success", "failure").replace("sealed", "sold"))
    before = tree(package)
    done = archiver("bag", "update", package, *CONTACT, cwd=root)
    assert done.status == 3
    assert tree(package) == before


def test_a_package_of_ours_keeps_what_our_rules_ask_for(desk: tuple[Path, Path]) -> None:
    root, package = desk
    before = tree(package)
    done = archiver("bag", "update", package, "--remove-info", "Bagging-Date", "--reason", "x", cwd=root)
    assert done.status == 1
    assert ("HSE-005", None) in done.codes("error")
    done = archiver("bag", "update", package, "--add-algorithm", "sha3512", "--reason", "x", cwd=root)
    assert done.status == 1
    assert {code for code, _line in done.codes("error")} & {"BPR-008", "BPR-010"}
    assert tree(package) == before
    assert sorted(path.name for path in (root / "packages").iterdir()) == [package.name]


def test_a_copy_is_not_what_the_record_speaks_of(desk: tuple[Path, Path], tmp_path: Path) -> None:
    root, package = desk
    before = len(record(root))
    done = archiver("bag", "update", package, *CONTACT, "-o", tmp_path / "copies" / package.name, cwd=root)
    assert done.status == 0, done.err
    assert len(record(root)) == before
    assert archiver("register", "verify", cwd=root).codes() == []


@pytest.mark.parametrize(
    "words",
    [
        ("--info", "no colon", "--reason", "x"),
        ("--info", ": value", "--reason", "x"),
        ("--set-info", "Payload-Oxum: 1.1", "--reason", "x"),
        ("--remove-info", "bag-size", "--reason", "x"),
        ("--remove-info", "A: b", "--reason", "x"),
        ("--add-algorithm", "crc32", "--reason", "x"),
        ("--info", "A: b"),
    ],
)
def test_calls_that_cannot_be_carried_out(tmp_path: Path, words: tuple[str, ...]) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    before = tree(bag)
    done = archiver("bag", "update", bag, *words, cwd=tmp_path)
    assert done.status == 2
    assert done.err.strip()
    assert tree(bag) == before


def test_what_changes_is_shown_with_both_digests_and_both_seals(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    words = ("--info", "Contact-Name: A", "--add-algorithm", "blake2b512")
    shown = archiver("bag", "update", bag, *words, "--dry-run", cwd=tmp_path, json_report=False)
    assert shown.status == 0
    assert "Nothing was written." in shown.out
    assert not (bag / "update-events.jsonl").exists()
    done = archiver("bag", "update", bag, *words, "--reason", "x", cwd=tmp_path, json_report=False)
    assert done.status == 0
    for line in shown.out.splitlines():
        if line.startswith(("bag-info.txt: changed", "manifest-blake2b512.txt: added", "Seal before:")):
            assert line in done.out
    assert done.out.count("sha512:") >= 5


def test_an_unreadable_file_is_not_known_to_be_right(tmp_path: Path) -> None:
    import os

    if os.geteuid() == 0:
        pytest.skip("everything can be read by root")
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "data/a.txt").chmod(0)
    assert archiver("bag", "update", bag, "--info", "A: b", "--reason", "x", cwd=tmp_path).status == 3
