"""Bags written into archives: what other programs make of them, that they are always the same, and what is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import bagit
import pytest
from bags import BagBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner
from workspaces import QINGHE, archiver, workspace

from archiver.archives.opening import Archive
from archiver.archives.writing import ArchiveWriter
from archiver.cli.app import app
from archiver.errors import SourceChanged
from archiver.listing import list_deposit
from archiver.model.archive import ArchiveKind
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import Bag
from archiver.packages.bag.serialising import SerialisedBagWriter

KINDS = list(ArchiveKind)
AWKWARD = {
    "a.txt": b"first\n",
    "b/c.bin": bytes(range(256)) * 9000,
    "b/10%.txt": b"percent",
    "line\nfeed": b"lf",
    "报纸/第一版.txt": "要闻\n".encode(),
    "n" * 255: b"long",
    "/".join(["d" * 120] * 3): b"deep",
    "empty": b"",
    "large": bytes(5 * 1024 * 1024),
}


def folder(place: Path, files: dict[str, bytes] = AWKWARD) -> Path:
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def run(*arguments: str | Path) -> int:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code


def unpacked(archive: Path, place: Path) -> Path:
    """Unpacked by programs of others."""
    place.mkdir()
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
            opened.extractall(place)
    elif archive.suffix == ".zst":
        if shutil.which("zstd") is None:
            pytest.skip("zstd is not installed")
        content = subprocess.run(["zstd", "-dcq", str(archive)], check=True, capture_output=True).stdout
        subprocess.run(["tar", "-xf", "-", "-C", str(place)], check=True, input=content)
    else:
        subprocess.run(["tar", "-xf", str(archive), "-C", str(place)], check=True)
    (bag,) = place.iterdir()
    return bag


@pytest.mark.parametrize("kind", KINDS)
def test_a_bag_in_an_archive_is_a_bag_to_others(kind: ArchiveKind, tmp_path: Path) -> None:
    source = folder(tmp_path / "source")
    archive = tmp_path / f"issue-412.{kind.suffix}"
    assert run("bag", source, "-o", archive) == 0
    assert run("validate", archive) == 0
    bag = unpacked(archive, tmp_path / "out")
    assert bag.name == "issue-412"
    assert Bag.open(bag).seal() == Bag.open(archive).seal()
    found = {path.relative_to(bag / "data").as_posix(): path for path in bag.rglob("data/**/*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in found.items()} == AWKWARD
    (bag / "data" / "b" / "10%.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [archive.name, "out", "source"]


def test_bagit_python_and_sha512sum_accept_what_is_unpacked(tmp_path: Path) -> None:
    names = {name: content for name, content in AWKWARD.items() if "%" not in name}  # bagit-python does not decode %25
    archive = tmp_path / "x.tar"
    assert run("bag", folder(tmp_path / "source", names), "-o", archive) == 0
    bag = unpacked(archive, tmp_path / "out")
    assert bagit.Bag(str(bag)).is_valid()
    plain = {name: content for name, content in names.items() if "\n" not in name}
    assert run("bag", folder(tmp_path / "plain", plain), "-o", tmp_path / "y.zip") == 0
    bag = unpacked(tmp_path / "y.zip", tmp_path / "out-2")
    done = subprocess.run(["sha512sum", "--check", "--quiet", "--strict", "manifest-sha512.txt"], cwd=bag)
    assert done.returncode == 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bag_makes_the_same_archive(kind: ArchiveKind, tmp_path: Path) -> None:
    source = folder(tmp_path / "source")
    digests = set()
    for number in range(2):
        place = tmp_path / f"{number}"
        place.mkdir()
        os.utime(source / "a.txt", (1, 1 + number))
        (source / "a.txt").chmod(0o600 + number)
        result = archiver("bag", source, "-o", place / f"x.{kind.suffix}", cwd=tmp_path)
        assert result.status == 0, result.err
        digests.add(hashlib.sha256((place / f"x.{kind.suffix}").read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_serialised_and_judged_by_every_rule(kind: ArchiveKind, tmp_path: Path) -> None:
    place = workspace(tmp_path / "archive")
    assert archiver("accession", QINGHE, cwd=place).status == 0
    (package,) = (place / "packages").iterdir()
    before = {path: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    archive = tmp_path / f"{package.name}.{kind.suffix}"
    done = archiver("bag", "serialise", package, "-o", archive, cwd=place)
    assert done.status == 0, done.err
    judged = archiver("validate", archive, cwd=place)
    assert judged.status == 0, judged.out
    whole = archiver("validate", package, cwd=place)
    outcomes = [
        {run["code"]: run["outcome"] for run in each.data["checks"] if not run["code"].startswith("BAG-04")}
        for each in (judged, whole)
    ]
    assert outcomes[0] == outcomes[1]
    assert judged.data["packages"][0]["seal"] == whole.data["packages"][0]["seal"]
    assert {path: path.read_bytes() for path in package.rglob("*") if path.is_file()} == before


def test_a_bag_that_is_not_valid_is_not_serialised(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "data" / "a.txt").write_bytes(b"other")
    assert run("bag", "serialise", bag, "-o", tmp_path / "bag.zip") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["bag", "serialise", "{bag}", "-o", "{bag}/x.zip"],
        ["bag", "serialise", "{bag}", "-o", "x.rar"],
        ["bag", "serialise", "{bag}", "-o", "x.zip", "--as", "tar"],
        ["bag", "serialise", "{bag}", "-o", ".zip"],
        ["bag", "make", "{bag}/data", "-o", "x.rar", "--serialise", "zip"],
        ["bag", "serialise", "nothing", "-o", "x.zip"],
        ["bag", "serialise", "taken.zip", "-o", "x.zip"],
        ["bag", "serialise", "{bag}", "-o", "taken.zip"],
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bag = BagBuilder().build(tmp_path / "bag")
    assert run("bag", "serialise", bag, "-o", "taken.zip") == 0
    taken = (tmp_path / "taken.zip").read_bytes()
    assert run(*(part.format(bag=bag) for part in arguments)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag", "taken.zip"]
    assert (tmp_path / "taken.zip").read_bytes() == taken


def test_a_source_that_changes_leaves_nothing(tmp_path: Path) -> None:
    source = folder(tmp_path / "source", {"a": b"one", "b": b"two"})
    files = list_deposit(source).files
    (source / "b").write_bytes(b"other")
    with (
        pytest.raises(SourceChanged),
        SerialisedBagWriter(tmp_path / "x.zip", ArchiveKind.ZIP, "x", (Algorithm.SHA512,)) as writer,
    ):
        writer.add_all((file, PackagePath(f"data/{file.name}")) for file in files)
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_name_that_archives_cannot_carry_is_refused(tmp_path: Path) -> None:
    source = folder(tmp_path / "source", {"a\\b": b"one"})
    assert run("bag", source, "-o", tmp_path / "x.zip") == 2
    assert run("bag", source, "-o", tmp_path / "bag") == 0
    assert run("bag", "serialise", tmp_path / "bag", "-o", tmp_path / "bag.tar") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag", "source"]


NAMES = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="/\\\0"), min_size=1, max_size=40
).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200 and name[1:2] != ":")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(NAMES, st.binary(max_size=2000), max_size=8), kind=st.sampled_from(KINDS))
def test_whatever_is_written_is_read_back(files: dict[str, bytes], kind: ArchiveKind, tmp_path: Path) -> None:
    place = tmp_path / "x"
    place.unlink(missing_ok=True)
    with ArchiveWriter(place, kind) as writer:
        for name, content in files.items():
            if len(content) % 2:
                writer.add(f"top/{name}", content)
            else:
                writer.add_pieces(f"top/{name}", len(content), [content[:7], content[7:]])
        writer.finish()
    if not files and kind is not ArchiveKind.ZIP:
        return  # a tar without members is nothing but zeros: no archive that anybody knows by its bytes
    with Archive(place) as archive:
        if kind.is_stream:
            found = {member.path: b"".join(pieces) for member, pieces in archive.stream()}
        else:
            found = {member.path: b"".join(archive.pieces(member)) for member in archive.members()}
        assert archive.faults.all() == ()
    assert found == {f"top/{name}": content for name, content in files.items()}
    if kind is ArchiveKind.ZIP:
        with zipfile.ZipFile(place) as opened:
            assert {name: opened.read(name) for name in opened.namelist()} == found
    elif kind is not ArchiveKind.TAR_ZST:
        with tarfile.open(place) as opened_tar:
            assert {each.name: opened_tar.extractfile(each).read() for each in opened_tar} == found  # type: ignore[union-attr]


def test_more_members_than_an_old_zip_can_count(tmp_path: Path) -> None:
    place = tmp_path / "many.zip"
    with ArchiveWriter(place, ArchiveKind.ZIP) as writer:
        for number in range(66_000):
            writer.add(f"top/{number}", b"")
        writer.finish()
    with zipfile.ZipFile(place) as opened:
        assert len(opened.namelist()) == 66_000
    with Archive(place) as archive:
        assert len(archive.members()) == 66_000
        assert archive.faults.all() == ()


@pytest.mark.faults
@pytest.mark.parametrize("kind", [ArchiveKind.ZIP, ArchiveKind.TAR])
def test_a_file_of_more_than_four_gigabytes(kind: ArchiveKind, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with (source / "sparse").open("wb") as file:
        file.truncate((1 << 32) + 12345)
    (source / "z").write_bytes(b"after it")
    archive = tmp_path / f"x.{kind.suffix}"
    assert run("bag", source, "-o", archive, "--algorithm", "sha256") == 0
    assert run("validate", archive) == 0
    if kind is ArchiveKind.ZIP:
        with zipfile.ZipFile(archive) as opened:
            assert opened.getinfo("x/data/sparse").file_size == (1 << 32) + 12345
            assert opened.read("x/data/z") == b"after it"
    else:
        listed = subprocess.run(["tar", "-tvf", str(archive)], check=True, capture_output=True, text=True).stdout
        assert str((1 << 32) + 12345) in listed
