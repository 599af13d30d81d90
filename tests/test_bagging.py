"""archiver bag: a bag of any folder, elsewhere, and nothing of the folder changed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workspaces import archiver, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "pages/上街").mkdir(parents=True)
    (source / "pages/0001.tif").write_bytes(b"II*\x00" + bytes(5000))
    (source / "pages/上街/100% 时报.txt").write_text("一版", encoding="utf-8")
    (source / "a\nb").write_bytes(b"x")
    (source / "empty").write_bytes(b"")
    return source


def test_a_bag_that_both_referees_accept(folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    done = archiver("bag", folder, "-o", "out/bag", "--info", "Contact-Name: A. Archivist", cwd=tmp_path)
    assert done.status == 0, done.err
    bag = tmp_path / "out/bag"
    assert tree(folder) == before and tree(bag / "data") == before
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["bag"]
    names = ["bag-info.txt", "bagit.txt", "data"]
    names += [f"{kind}-{name}.txt" for kind in ("manifest", "tagmanifest") for name in ("sha256", "sha512")]
    assert sorted(path.name for path in bag.iterdir()) == sorted(names)
    info = (bag / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    assert info[0] == "Contact-Name: A. Archivist" and "Payload-Oxum: 5011.4" in info
    validated = archiver("validate", bag, "--second-opinion", cwd=tmp_path)
    assert validated.status == 0
    opinion = next(run for run in validated.data["checks"] if run["code"] == "REF-001")
    assert opinion["outcome"] in {"passed", "failed"}  # bagit-python does not decode %25


def test_bagit_python_accepts_it(folder: Path, tmp_path: Path) -> None:
    (folder / "pages/上街/100% 时报.txt").rename(folder / "pages/上街/时报.txt")
    assert archiver("bag", folder, "-o", "bag", cwd=tmp_path).status == 0
    bagit.Bag(str(tmp_path / "bag")).validate()
    done = archiver("validate", "bag", "--second-opinion", cwd=tmp_path)
    assert next(run["outcome"] for run in done.data["checks"] if run["code"] == "REF-001") == "passed"


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha3256", "blake2b512"])
def test_other_algorithms(folder: Path, tmp_path: Path, name: str) -> None:
    done = archiver("bag", folder, "-o", "bag", "--algorithm", name, cwd=tmp_path)
    assert done.status == 0 and done.data["packages"][0]["seal"].startswith(f"{name}:")
    assert (tmp_path / f"bag/manifest-{name}.txt").is_file()
    assert (("FIX-003", None) in done.codes("warning")) == (name in {"md5", "sha1"})
    if name in {"md5", "sha1", "sha256"}:
        (folder / "a\nb").unlink()
        assert archiver("bag", folder, "-o", "plain", "--algorithm", name, cwd=tmp_path).status == 0
        listed = (tmp_path / f"plain/manifest-{name}.txt").read_text(encoding="utf-8")
        (tmp_path / "sums").write_text(listed.replace("%25", "%"), encoding="utf-8")
        subprocess.run([f"{name}sum", "--quiet", "-c", "../sums"], cwd=tmp_path / "plain", check=True)


@pytest.mark.parametrize("profile", [[], ["--profile", "rfc8493"]])
def test_a_bag_that_others_made_is_judged_by_the_standard_alone(tmp_path: Path, profile: list[str]) -> None:
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag/a b.txt").write_text("x")
    bagit.make_bag(str(tmp_path / "bag"), checksums=["md5"])
    done = archiver("validate", "bag", *profile, cwd=tmp_path)
    assert done.status == 0 and done.codes("error") == []
    skipped = {run["code"] for run in done.data["checks"] if run["outcome"] == "skipped"}
    assert {"HSE-002", "MET-101", "ISS-001"} <= skipped


def test_what_cannot_be_in_a_bag(folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to("empty")
    os.mkfifo(folder / "pipe")
    done = archiver("bag", folder, "-o", "bag", cwd=tmp_path)
    assert done.status == 1 and [code for code, _line in done.codes("error")] == ["DEP-001", "DEP-001"]
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing", "-o", "bag"], "missing"),
        (["source", "-o", "source/bag"], "inside"),
        (["source", "-o", "taken"], "taken"),
        (["source", "-o", "bag", "--algorithm", "crc32"], "crc32"),
        (["source", "-o", "bag", "--info", "no colon"], "no colon"),
        (["source", "-o", "bag", "--info", "Payload-Oxum: 1.1"], "computed"),
        (["source"], "destination"),
    ],
)
def test_calls_that_cannot_be_carried_out(folder: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "taken").mkdir()
    before = tree(folder)
    done = archiver("bag", *arguments, cwd=tmp_path)
    assert done.status == 2 and words in done.err and "Traceback" not in done.err
    assert tree(folder) == before and not (tmp_path / "bag").exists()


def test_a_bag_is_not_bagged_again(folder: Path, tmp_path: Path) -> None:
    assert archiver("bag", folder, "-o", "bag", cwd=tmp_path).status == 0
    again = archiver("bag", "bag", "-o", "again", cwd=tmp_path)
    assert again.status == 1 and ("DEP-008", None) in again.codes("error")
    assert not (tmp_path / "again").exists()


PART = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="/\0"), min_size=1, max_size=40).filter(
    lambda part: part not in {".", ".."} and len(part.encode()) < 200
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(PART, min_size=1, max_size=6, unique_by=str.casefold))
def test_any_name_survives_the_round_trip(names: list[str], tmp_path: Path) -> None:
    import shutil
    import unicodedata

    from archiver.listing import list_deposit
    from archiver.model.values import PackagePath
    from archiver.packages.bag import Bag, BagWriter

    if len({unicodedata.normalize("NFC", name).casefold() for name in names}) < len(names):
        return
    source, place = tmp_path / "names", tmp_path / "names-bag"
    for old in (source, place):
        shutil.rmtree(old, ignore_errors=True)
    source.mkdir()
    for name in names:
        (source / name).write_text(name, encoding="utf-8")
    with BagWriter(place) as writer:
        writer.copy_all((file, PackagePath(f"data/{file.name}")) for file in list_deposit(source).files)
        writer.seal([])
        writer.publish()
    _runs, findings = Bag.open(place).validate()
    assert [found for found in findings if found.severity.value == "error"] == []
    assert tree(place / "data") == tree(source)
