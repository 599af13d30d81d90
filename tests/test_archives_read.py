"""Archives that other programs made are read to the byte; cut or flipped anywhere, they are told to be so."""

from __future__ import annotations

import io
import os
import random
import shutil
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import END, Zip, Zipped, packed, taken, tar, tar_member
from bags import tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.archives.opening import Archive, is_archive, kind_of
from archiver.errors import ArchiverError, UnreadableInput
from archiver.model.archive import ArchiveKind, ArchiveTrouble, Member, MemberKind

CONTENT = {
    "bag/bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "bag/data/empty": b"",
    "bag/data/zeros": bytes(3_000_000),
    "bag/data/noise": random.Random(7).randbytes(2_500_000),
    "bag/data/" + "n" * 120 + "/" + "m" * 200: b"a long name",
    "bag/data/上街時報.pdf": b"%PDF",
    "bag/data/e\u0301 and \u00e9": b"two ways to write one letter",
    "bag/data/a%0Ab and * 'c'": b"literal",
    "bag/data/" + "/".join("deep" for _ in range(40)): b"deep",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in CONTENT.items():
        place = tmp_path / "top" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return tmp_path / "top"


def by_command(*words: str, pipe: bool = False) -> Callable[[Path, Path], None]:
    def make(top: Path, place: Path) -> None:
        if shutil.which(words[0]) is None:
            pytest.skip(f"{words[0]} is not installed")
        command = [word.replace("PLACE", str(place)) for word in words]
        if pipe:
            with place.open("wb") as out:
                subprocess.run(command, cwd=top, check=True, stdout=out, stderr=subprocess.DEVNULL)
        else:
            subprocess.run(command, cwd=top, check=True, capture_output=True)

    return make


def by_zipfile(compression: int, *, streamed: bool = False) -> Callable[[Path, Path], None]:
    def make(top: Path, place: Path) -> None:
        out = io.BytesIO()
        if streamed:
            out.seek = None  # type: ignore[assignment, method-assign]
        with zipfile.ZipFile(_Unseekable(out) if streamed else out, "w", compression) as archive:  # type: ignore[arg-type]
            for path, content in tree(top).items():
                with archive.open(path, "w", force_zip64=True) as member:
                    member.write(content)
        place.write_bytes(out.getvalue())

    return make


class _Unseekable:
    """What can be written to and nothing else, as a pipe: sizes must stand behind the members."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def write(self, content: bytes) -> int:
        return self._out.write(content)

    def flush(self) -> None:
        pass


def by_tarfile(form: int, mode: str = "w") -> Callable[[Path, Path], None]:
    def make(top: Path, place: Path) -> None:
        with tarfile.open(place, mode, format=form) as archive:  # type: ignore[call-overload]
            archive.add(top / "bag", "bag")

    return make


MAKERS: dict[str, tuple[Callable[[Path, Path], None], ArchiveKind]] = {
    "zip": (by_command("zip", "-r", "PLACE", "bag"), ArchiveKind.ZIP),
    "zip -0": (by_command("zip", "-0", "-r", "PLACE", "bag"), ArchiveKind.ZIP),
    "zip without folders": (by_command("zip", "-D", "-r", "PLACE", "bag"), ArchiveKind.ZIP),
    "zip with zip64": (by_command("zip", "-fz", "-r", "PLACE", "bag"), ArchiveKind.ZIP),
    "zip into a pipe": (by_command("zip", "-r", "-", "bag", pipe=True), ArchiveKind.ZIP),
    "zip into a pipe without zip64": (by_command("zip", "-fz-", "-r", "-", "bag", pipe=True), ArchiveKind.ZIP),
    "zipfile stored": (by_zipfile(zipfile.ZIP_STORED), ArchiveKind.ZIP),
    "zipfile deflated": (by_zipfile(zipfile.ZIP_DEFLATED), ArchiveKind.ZIP),
    "zipfile into a pipe": (by_zipfile(zipfile.ZIP_DEFLATED, streamed=True), ArchiveKind.ZIP),
    "tar": (by_command("tar", "-cf", "PLACE", "bag"), ArchiveKind.TAR),
    "tar of the dot": (by_command("tar", "-cf", "PLACE", "."), ArchiveKind.TAR),
    "tar pax": (by_command("tar", "--format=pax", "-cf", "PLACE", "bag"), ArchiveKind.TAR),
    "tar oldgnu": (by_command("tar", "--format=oldgnu", "-cf", "PLACE", "bag"), ArchiveKind.TAR),
    "tar in small records": (by_command("tar", "-b1", "-cf", "PLACE", "bag"), ArchiveKind.TAR),
    "tar.gz": (by_command("tar", "-czf", "PLACE", "bag"), ArchiveKind.TAR_GZ),
    "tar.zst": (by_command("tar", "--zstd", "-cf", "PLACE", "bag"), ArchiveKind.TAR_ZST),
    "tarfile gnu": (by_tarfile(tarfile.GNU_FORMAT), ArchiveKind.TAR),
    "tarfile pax": (by_tarfile(tarfile.PAX_FORMAT), ArchiveKind.TAR),
    "tarfile pax gz": (by_tarfile(tarfile.PAX_FORMAT, "w:gz"), ArchiveKind.TAR_GZ),
    "bsdtar": (by_command("bsdtar", "-cf", "PLACE", "bag"), ArchiveKind.TAR),
    "bsdtar zip": (by_command("bsdtar", "--format=zip", "-cf", "PLACE", "bag"), ArchiveKind.ZIP),
    "7z zip": (by_command("7z", "a", "-tzip", "PLACE", "bag"), ArchiveKind.ZIP),
}


@pytest.mark.parametrize("name", MAKERS)
def test_archives_of_other_programs_are_read_to_the_byte(tmp_path: Path, folder: Path, name: str) -> None:
    make, kind = MAKERS[name]
    place = tmp_path / "made.zip"  # by its bytes, not by its name
    make(folder, place)
    with Archive(place) as archive:
        assert archive.kind is kind
    found = taken(place)
    assert (found.troubles, found.details) == (set(), [])
    assert {path: content for path, content in found.files.items() if path in CONTENT} == CONTENT
    assert {path for path in found.files if path not in CONTENT and not (folder / path).is_dir()} == set()


def test_a_zip_file_of_very_many_members_is_read(tmp_path: Path) -> None:
    place = tmp_path / "x.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(66_000):
            archive.writestr(f"bag/data/{number}", b"x")
    with Archive(place) as read:
        members = read.members()
        assert read.faults.all() == ()
    assert len(members) == 66_000
    assert {member.size for member in members} == {1}


def test_as_many_members_as_a_small_directory_can_count_are_read(tmp_path: Path) -> None:
    place = tmp_path / "x.zip"
    place.write_bytes(Zip([Zipped(b"bag/%d" % number) for number in range(0xFFFF)]).build())
    assert len(taken(place).files) == 0xFFFF
    assert taken(place).troubles == set()


def test_names_are_read_as_they_were_meant(tmp_path: Path) -> None:
    place = tmp_path / "x.zip"
    old = struct.pack("<2HBL", 0x7075, 5 + 9, 1, 0) + b"another.x"  # of another name: the CRC is not of this one
    members = [
        Zipped("bag/é".encode(), flags=0x800),
        Zipped("bag/è".encode()),  # many programs write UTF-8 and do not say so
        Zipped("bag/ü".encode("cp437")),
        Zipped(b"bag/plain", extra=old),
        Zipped(b"bag/\xff\xfe", flags=0x800),  # said to be UTF-8, and is not
    ]
    place.write_bytes(Zip(members).build())
    assert list(taken(place).files) == ["bag/é", "bag/è", "bag/ü", "bag/plain", "bag/\udcff\udcfe"]


def test_members_tell_what_they_are(tmp_path: Path) -> None:
    place = tmp_path / "x.tar"
    place.write_bytes(tar(tar_member(b"bag/", b"", b"5"), tar_member(b"bag/a", b"abc", mode=0o755)))
    with Archive(place) as archive:
        assert archive.members() == [
            Member("bag/", MemberKind.FOLDER, 0, 512, 0, mode=0o644),
            Member("bag/a", MemberKind.FILE, 3, 1024, 3, mode=0o755),
        ]
        assert b"".join(archive.pieces(archive.members()[1])) == b"abc"


def test_members_need_not_be_taken(tmp_path: Path) -> None:
    place = tmp_path / "x.tar.gz"
    big = tar_member(b"bag/a", bytes(5_000_000))
    place.write_bytes(packed(tar(big, tar_member(b"bag/b", b"last")), "tar.gz"))
    with Archive(place) as archive:
        found = {member.path: b"".join(pieces) for member, pieces in archive.stream() if member.path == "bag/b"}
    assert found == {"bag/b": b"last"}


def test_a_compressed_archive_may_have_several_parts(tmp_path: Path) -> None:
    whole = tar(tar_member(b"bag/a", b"first"), tar_member(b"bag/b", b"second"))
    for suffix in ("tar.gz", "tar.zst"):
        place = tmp_path / f"x.{suffix}"
        place.write_bytes(packed(whole[:700], suffix) + packed(b"", suffix) + packed(whole[700:], suffix))
        assert taken(place).files == {"bag/a": b"first", "bag/b": b"second"}
        assert taken(place).troubles == set()
        place.write_bytes(packed(b"", suffix) * 1100 + packed(whole, suffix))
        assert ArchiveTrouble.EXPANDS in taken(place).troubles


SMALL = [Zipped(b"bag/a", b"first " * 30), Zipped(b"bag/b", b"second " * 30, deflated=True), Zipped(b"bag/c")]
SMALL_TAR = tar(*(tar_member(member.name, member.content) for member in SMALL))
SMALL_FILES = {member.name.decode(): member.content for member in SMALL}
WHOLE = {"zip": Zip(SMALL).build(), "tar": SMALL_TAR} | {
    suffix: packed(SMALL_TAR, suffix) for suffix in ("tar.gz", "tar.zst")
}


@pytest.mark.parametrize("suffix", WHOLE)
def test_an_archive_cut_anywhere_is_told(tmp_path: Path, suffix: str) -> None:
    whole, place = WHOLE[suffix], tmp_path / "x"
    for length in range(len(whole)):
        place.write_bytes(whole[:length])
        try:
            found = taken(place)
        except UnreadableInput:
            continue
        assert found.troubles, length


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_flipped_bit_leaves_the_files_as_they_were_or_is_told(tmp_path: Path, suffix: str) -> None:
    """Of a tar, whose files have no sum, the bytes of files are left to the digests of whoever reads it."""
    whole, place = WHOLE[suffix], tmp_path / "x"
    chance = random.Random(suffix)
    for _ in range(1500):
        at = chance.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[at] ^= 1 << chance.randrange(8)
        place.write_bytes(flipped)
        try:
            found = taken(place)
        except UnreadableInput:
            continue
        assert found.troubles or found.files == SMALL_FILES or (suffix == "tar" and len(found.files) == 3), at


@pytest.mark.parametrize("suffix", WHOLE)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_are_too_strange(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    whole, place = bytearray(WHOLE[suffix]), tmp_path / "x"
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        piece = data.draw(
            st.binary(max_size=12) | st.sampled_from([b"\xff" * 4, b"PK\1\2", b"PK\5\6", bytes(512), END])
        )
        whole[at : at + data.draw(st.integers(0, 12))] = piece
    place.write_bytes(whole)
    try:
        found = taken(place)
    except ArchiverError:
        return
    assert all(".." not in path.split("/") and not path.startswith("/") for path in found.files)


@given(head=st.binary(max_size=600))
def test_any_bytes_are_of_a_kind_or_of_none(head: bytes) -> None:
    assert kind_of(head[:512]) in {*ArchiveKind, None}


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "x.tar")
    (tmp_path / "x.tar").write_bytes(SMALL_TAR)
    assert is_archive(tmp_path / "x.tar")
    assert not any(is_archive(tmp_path / name) for name in ("pipe", "link", "nothing", "."))
    for name in ("pipe", "link", "nothing"):
        with pytest.raises(UnreadableInput):
            Archive(tmp_path / name)
