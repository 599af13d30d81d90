"""Bags that we write: right by every referee, the same bytes every time, and nothing half-made."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bagit
import pytest
from bags import codes, source, tree
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import CouldNotFindOut, DestinationTaken, SourceChanged, UnreadableInput, UsageError
from archiver.model.package import SealedBag
from archiver.model.report import Severity
from archiver.model.values import Algorithm, PackagePath
from archiver.packages.bag import Bag, BagWriter
from archiver.packages.bag.writer import human_size, one_line

INFO = [("Source-Organization", "图书馆"), ("Contact-Name", "First"), ("Contact-Name", "Second")]


def make(
    place: Path, files: dict[str, bytes], *, workers: int = 1, algorithms=(Algorithm.SHA512, Algorithm.SHA256)
) -> SealedBag:
    with tempfile.TemporaryDirectory() as folder, BagWriter(place, algorithms, workers) as writer:
        pairs = []
        for number, (name, content) in enumerate(files.items()):
            path = Path(folder) / str(number)
            path.write_bytes(content)
            pairs.append((source(path), PackagePath(f"data/{name}")))
        measured = writer.copy_all(pairs)
        assert [found.size for found in measured] == [len(content) for content in files.values()]
        sealed = writer.seal(INFO)
        published = writer.publish()
    assert published.seal == sealed.seal
    return published


def test_a_bag_is_what_every_referee_calls_valid(tmp_path: Path) -> None:
    sealed = make(tmp_path / "bag", {"b/上街.txt": "时报".encode(), "a.txt": b"", "a b.txt": b"space"})
    place = tmp_path / "bag"
    assert codes(place, Severity.NOTICE) == set()
    bagit.Bag(str(place)).validate()
    for name in ("sha512", "sha256"):
        for kind in ("manifest", "tagmanifest"):
            if shutil.which(f"{name}sum"):
                command = [f"{name}sum", "--check", "--strict", "--quiet", f"{kind}-{name}.txt"]
                done = subprocess.run(command, cwd=place, capture_output=True, text=True)
                assert done.returncode == 0, done
    tag_manifest = (place / "tagmanifest-sha512.txt").read_bytes()
    assert str(sealed.seal) == f"sha512:{hashlib.sha512(tag_manifest).hexdigest()}"
    assert (sealed.files, sealed.size, sealed.identifier, sealed.path) == (3, 11, "bag", place)
    assert Bag.open(place).sealed() == sealed


def test_the_tag_files_are_these_bytes(tmp_path: Path) -> None:
    make(tmp_path / "bag", {"b.txt": b"bb", "a.txt": b"a", "10%\r\n.txt": b""})
    place = tmp_path / "bag"
    assert (place / "bagit.txt").read_bytes() == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert (place / "bag-info.txt").read_text("utf-8") == (
        "Source-Organization: 图书馆\nContact-Name: First\nContact-Name: Second\nBag-Size: 3 B\nPayload-Oxum: 3.3\n"
    )
    rows = [(b"", "data/10%25%0D%0A.txt"), (b"a", "data/a.txt"), (b"bb", "data/b.txt")]
    expected = "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for content, path in rows)
    assert (place / "manifest-sha256.txt").read_text() == expected
    listed = [row.split("  ")[1] for row in (place / "tagmanifest-sha256.txt").read_text().split("\n")[:-1]]
    assert listed == ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt"]
    assert Bag.open(place).info[1:3] == [("Contact-Name", "First"), ("Contact-Name", "Second")]


def test_the_same_bytes_with_one_worker_or_many_in_any_order(tmp_path: Path) -> None:
    files = {f"{number % 7}/{number}.bin": os.urandom(number * 37) for number in range(150)}
    one = make(tmp_path / "one" / "bag", files)
    many = make(tmp_path / "many" / "bag", dict(reversed(files.items())), workers=4)
    assert tree(tmp_path / "one") == tree(tmp_path / "many")
    assert one.seal == many.seal


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda name: name not in {".", ".."} and len(name.encode()) <= 255
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(NAMES, st.binary(max_size=20), min_size=1, max_size=6))
def test_every_name_round_trips(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bag"
        make(place, files)
        assert codes(place) == set()
        stated = {path: digests[Algorithm.SHA256] for path, digests in Bag.open(place).payload()}
    assert stated == {f"data/{name}": hashlib.sha256(content).hexdigest() for name, content in files.items()}


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_value_becomes_a_label_of_its_own(value: str) -> None:
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    line.encode("utf-8")


def test_newline_like_characters_in_metadata_inject_nothing(tmp_path: Path) -> None:
    value = "a\nEvil: 1\r\nEvil: 2\u2028Evil: 3\x85Evil: 4\x0bEvil: 5\x0cEvil: 6\udce9"
    with BagWriter(tmp_path / "bag") as writer:
        writer.write(b"x", PackagePath("data/x"))
        writer.seal([("External-Description", value), ("Empty", " \n ")])
        writer.publish()
    assert [label for label, _value in Bag.open(tmp_path / "bag").info] == [
        "External-Description",
        "Bag-Size",
        "Payload-Oxum",
    ]


@pytest.mark.parametrize("label", ["", "a:b", "a\nb", " a", "payload-oxum", "Bag-Size"])
def test_what_is_no_label_is_refused(tmp_path: Path, label: str) -> None:
    with BagWriter(tmp_path / "bag") as writer, pytest.raises(ValueError, match="label"):
        writer.seal([(label, "value")])
    assert list(tmp_path.iterdir()) == []


def test_tag_files_of_others_are_under_the_tag_manifests(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as writer:
        writer.write(b"x", PackagePath("data/x"))
        (writer.folder / "notes").mkdir()
        (writer.folder / "notes" / "readme.txt").write_bytes(b"read me")
        writer.seal([])
        writer.publish()
    assert "  notes/readme.txt\n" in (tmp_path / "bag" / "tagmanifest-sha512.txt").read_text()
    assert codes(tmp_path / "bag", Severity.WARNING) == set()


@pytest.mark.parametrize("what", ["more", "less", "link"])
def test_a_payload_that_others_changed_meanwhile_is_not_sealed(tmp_path: Path, what: str) -> None:
    with pytest.raises(CouldNotFindOut, match="changed while"), BagWriter(tmp_path / "bag") as writer:
        writer.write(b"x", PackagePath("data/x"))
        if what == "more":
            (writer.folder / "data" / "y").touch()
        elif what == "less":
            (writer.folder / "data" / "x").unlink()
        else:
            (writer.folder / "link").symlink_to("data")
        writer.seal([])
    assert list(tmp_path.iterdir()) == []


def test_a_place_outside_the_payload_is_refused(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as writer:
        with pytest.raises(ValueError, match="below data/"):
            writer.write(b"x", PackagePath("manifest-md5.txt"))
        with pytest.raises(UsageError, match="no name in Unicode"):
            writer.write(b"x", PackagePath("data/\udcff"))
        writer.write(b"x", PackagePath("data/x"))
        with pytest.raises(DestinationTaken):
            writer.write(b"y", PackagePath("data/x"))


def test_a_bag_is_published_only_sealed(tmp_path: Path) -> None:
    with BagWriter(tmp_path / "bag") as writer, pytest.raises(ValueError, match="sealed"):
        writer.publish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", [1, 3])
def test_a_source_that_cannot_be_had_leaves_nothing(tmp_path: Path, workers: int) -> None:
    (tmp_path / "in").mkdir()
    files = [tmp_path / "in" / str(number) for number in range(20)]
    for path in files:
        path.write_bytes(b"x")
    pairs = [(source(path), PackagePath(f"data/{path.name}")) for path in files]
    files[5].write_bytes(b"changed")
    files[9].unlink()
    for gone, expected in ((5, SourceChanged), (9, UnreadableInput)):
        with pytest.raises(expected, match=f"/{gone}"), BagWriter(tmp_path / "bag", workers=workers) as writer:
            writer.copy_all([pair for index, pair in enumerate(pairs) if index not in {5, 9} or index == gone])
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_sizes_are_said_as_people_say_them() -> None:
    said = [human_size(size) for size in (0, 1023, 1024, 1536, 5 * 1024**3, 1024**6)]
    assert said == ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "5.0 GiB", "1048576.0 TiB"]


FILL = """
import sys
from pathlib import Path
from archiver.errors import ArchiverError
from archiver.fixity.measure import stamp
from archiver.model.package import SourceFile
from archiver.model.values import PackagePath
from archiver.packages.bag import BagWriter
path = Path(sys.argv[1])
try:
    with BagWriter(Path(sys.argv[2]) / "bag", workers=int(sys.argv[3])) as writer:
        for number in range(40):
            writer.copy(SourceFile(path, path.name, stamp(path)), PackagePath(f"data/{number}"))
        writer.seal([])
        writer.publish()
except ArchiverError as error:
    print(type(error).__name__, error.message, error.remedy)
    sys.exit(error.exit_status)
"""


@pytest.mark.faults
@pytest.mark.parametrize("options", ["size=256k,nr_inodes=200", "size=4m,nr_inodes=12"])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, options: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        (tmp_path / "source").write_bytes(bytes(20_000))
        command = [sys.executable, "-c", FILL, str(tmp_path / "source"), str(disk), "1"]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 3, done
        assert "StorageError" in done.stdout
        assert "no space left on device" in done.stdout
        assert "Free space" in done.stdout
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert (tmp_path / "source").read_bytes() == bytes(20_000)
