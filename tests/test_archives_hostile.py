"""Archives made to harm, byte by byte (docs: FAULTS 54 to 57 and beyond): each is told, none is believed."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import (
    DEVICE,
    FOLDER,
    LINK,
    PIPE,
    REGULAR,
    Zip,
    Zipped,
    packed,
    pax,
    taken,
    tar,
    tar_header,
    tar_member,
)

from archiver.errors import UnreadableInput
from archiver.model.archive import ArchiveTrouble as Trouble
from archiver.model.archive import Limits

A = Zipped(b"bag/a", b"first " * 20)
B = Zipped(b"bag/b", b"second " * 20, deflated=True)
_UNICODE_PATH = b"bag/\xc3\xa9"


def unicode_path(raw: bytes, name: bytes) -> bytes:
    return struct.pack("<2HBL", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name


def descriptor(content: bytes, stored: int, *, mark: bool = True, wide: bool = False) -> bytes:
    sizes = struct.pack("<2Q" if wide else "<2L", stored, len(content))
    return (b"PK\7\10" if mark else b"") + struct.pack("<L", zlib.crc32(content)) + sizes


def later(member: Zipped, **how: bool) -> Zipped:
    """A member whose sizes stand behind it."""
    return Zipped(
        member.name, member.content, member.deflated, flags=8, local_crc=0, local_size=0, local_stored=0,
        descriptor=descriptor(member.content, len(member.bytes_there()), **how),
    )  # fmt: skip


def test_the_archives_that_are_spoilt_below_are_right_before(tmp_path: Path) -> None:
    rights = {
        "plain": Zip([A, B]),
        "folders": Zip([Zipped(b"bag/", mode=FOLDER), A, B]),
        "comment": Zip([A, B], comment=b"the library"),
        "zip64 end": Zip([A, B], end64=True),
        "utf-8": Zip([Zipped(_UNICODE_PATH, b"x", flags=0x800)]),
        "descriptors": Zip([later(A), later(B)]),
        "descriptors without mark": Zip([later(A, mark=False), later(B, mark=False)]),
        "descriptors of large files": Zip([later(A, wide=True), later(B, wide=True)]),
        "empty": Zip([]),
    }
    for name, right in rights.items():
        path = tmp_path / "x.zip"
        path.write_bytes(right.build())
        found = taken(path)
        assert found.troubles == set(), (name, found.details)
        assert found.files == {member.name.decode(): member.content for member in right.members} or name == "folders", (
            name
        )


ZIPS: dict[str, tuple[Callable[[], Zip], Trouble]] = {
    # 54: out of the archive
    "zip slip": (lambda: Zip([A, Zipped(b"bag/../../evil")]), Trouble.OUTSIDE),
    "zip slip at the end": (lambda: Zip([A, Zipped(b"bag/..")]), Trouble.OUTSIDE),
    "absolute": (lambda: Zip([A, Zipped(b"/etc/passwd")]), Trouble.OUTSIDE),
    "drive": (lambda: Zip([A, Zipped(b"C:/evil")]), Trouble.OUTSIDE),
    "backslash": (lambda: Zip([A, Zipped(b"bag\\..\\..\\evil")]), Trouble.OUTSIDE),
    "nul": (lambda: Zip([A, Zipped(b"bag/a\0.txt")]), Trouble.OUTSIDE),
    "empty name": (lambda: Zip([A, Zipped(b"")]), Trouble.OUTSIDE),
    "empty part": (lambda: Zip([A, Zipped(b"bag//b")]), Trouble.OUTSIDE),
    "dot": (lambda: Zip([A, Zipped(b"bag/./b")]), Trouble.OUTSIDE),
    "long part": (lambda: Zip([A, Zipped(b"bag/" + b"n" * 256)]), Trouble.OUTSIDE),
    "long path": (lambda: Zip([A, Zipped(b"bag/" + b"n/" * 2050 + b"n")]), Trouble.OUTSIDE),
    "another name in Unicode": (
        lambda: Zip([A, Zipped(b"bag/b", extra=unicode_path(b"bag/b", b"../evil"))]), Trouble.OUTSIDE,
    ),
    # 55: bombs
    "ratio": (lambda: Zip([Zipped(b"bag/zeros", bytes(40_000_000), deflated=True)]), Trouble.EXPANDS),
    "two names for the same bytes": (lambda: Zip([A, Zipped(b"bag/b", A.content, header=0)]), Trouble.DISAGREES),
    "a member within a member": (lambda: overlapping(), Trouble.OVERLAP),
    "a size beyond all disks": (lambda: Zip([Zipped(b"bag/a", b"x" * 50, True, size=2**32 - 2)]), Trouble.EXPANDS),
    # 56: links and special files
    "link": (lambda: Zip([A, Zipped(b"bag/l", b"/etc/passwd", mode=LINK)]), Trouble.SPECIAL),
    "pipe": (lambda: Zip([A, Zipped(b"bag/p", mode=PIPE)]), Trouble.SPECIAL),
    "device": (lambda: Zip([A, Zipped(b"bag/d", mode=DEVICE)]), Trouble.SPECIAL),
    "setuid": (lambda: Zip([A, Zipped(b"bag/s", b"#!", mode=REGULAR | 0o4000)]), Trouble.PRIVILEGED),
    "setgid": (lambda: Zip([A, Zipped(b"bag/s", b"#!", mode=REGULAR | 0o2000)]), Trouble.PRIVILEGED),
    "a file called a folder": (lambda: Zip([A, Zipped(b"bag/b/", b"bytes")]), Trouble.DISAGREES),
    # 57: twice
    "duplicate": (lambda: Zip([A, Zipped(b"bag/a", b"other")]), Trouble.DUPLICATE),
    "file and folder": (lambda: Zip([A, Zipped(b"bag/a/", mode=FOLDER)]), Trouble.DUPLICATE),
    "a file below a file": (lambda: Zip([A, Zipped(b"bag/a/b")]), Trouble.DUPLICATE),
    "duplicate by Unicode path": (
        lambda: Zip([A, Zipped(b"bag/b", extra=unicode_path(b"bag/b", b"bag/a"))]), Trouble.DUPLICATE,
    ),
    # what is there and is not in the directory, or the reverse
    "prepended": (lambda: Zip([A, B], prefix=b"PK\3\4" + b"#!/bin/sh\n" * 10), Trouble.TRAILING),
    "appended": (lambda: Zip([A, B], suffix=b"and more"), Trouble.TRAILING),
    "appended zeros": (lambda: Zip([A, B], suffix=bytes(1000)), Trouble.TRAILING),
    "bytes between members": (lambda: Zip([A, Zipped(b"bag/b", b"x", before=b"hidden")]), Trouble.TRAILING),
    "a hidden member": (lambda: Zip([A, Zipped(b"bag/b", b"x", before=Zip([B]).build()[:80])]), Trouble.TRAILING),
    "bytes before the directory": (lambda: Zip([A, B], before_directory=b"hidden"), Trouble.TRAILING),
    "bytes behind a deflated member": (
        lambda: Zip([A, Zipped(B.name, B.content, True, packed=B.bytes_there() + b"hidden")]), Trouble.DAMAGED,
    ),
    "many bytes behind a deflated member": (
        lambda: Zip([Zipped(b"a", b"a" * 9, True, packed=Zipped(b"", b"a" * 9, True).bytes_there() + bytes(3 << 20))]),
        Trouble.DAMAGED,
    ),
    "another name": (lambda: Zip([A, Zipped(b"bag/b", local_name=b"bag/c")]), Trouble.DISAGREES),
    "another size": (lambda: Zip([A, Zipped(b"bag/b", b"xy", local_size=1)]), Trouble.DISAGREES),
    "another stored size": (lambda: Zip([A, Zipped(b"bag/b", b"xy", local_stored=1)]), Trouble.DISAGREES),
    "another CRC": (lambda: Zip([A, Zipped(b"bag/b", b"xy", local_crc=1)]), Trouble.DISAGREES),
    "another method": (lambda: Zip([A, Zipped(b"bag/b", b"xy", local_method=8)]), Trouble.DISAGREES),
    "a descriptor that says otherwise": (
        lambda: Zip([Zipped(b"bag/b", b"xy", flags=8, local_crc=0, local_size=0, local_stored=0,
                            descriptor=descriptor(b"xz", 2))]), Trouble.DISAGREES,
    ),
    "stored in fewer bytes": (lambda: Zip([A, Zipped(b"bag/b", b"xy", size=3)]), Trouble.DISAGREES),
    "fewer members than stated": (lambda: Zip([A, B], count=3), Trouble.DISAGREES),
    "more members than stated": (lambda: Zip([A, B], count=1), Trouble.DISAGREES),
    "a directory elsewhere": (lambda: Zip([A, B], offset=3), Trouble.TRAILING),
    "no member where the directory says": (lambda: Zip([A, Zipped(b"bag/b", header=5)]), Trouble.DISAGREES),
    # 55 and others: what cannot be read
    "encrypted": (lambda: Zip([A, Zipped(b"bag/b", b"xy", flags=1)]), Trouble.ENCRYPTED),
    "strongly encrypted": (lambda: Zip([A, Zipped(b"bag/b", b"xy", flags=0x41)]), Trouble.ENCRYPTED),
    "masked headers": (lambda: Zip([A, Zipped(b"bag/b", b"xy", flags=0x2000)]), Trouble.ENCRYPTED),
    "bzip2": (lambda: Zip([A, Zipped(b"bag/b", b"xy", method=12)]), Trouble.METHOD),
    # damage
    "a wrong CRC": (lambda: Zip([A, Zipped(b"bag/b", b"xy", crc=1)]), Trouble.DAMAGED),
    "a wrong CRC, deflated": (lambda: Zip([A, Zipped(b"bag/b", b"xy" * 9, True, crc=1)]), Trouble.DAMAGED),
    "not deflated at all": (lambda: Zip([Zipped(b"bag/b", b"x" * 9, True, packed=b"\xff" * 9)]), Trouble.DAMAGED),
    "deflated, cut": (lambda: Zip([Zipped(B.name, B.content, True, packed=B.bytes_there()[:-3])]), Trouble.DAMAGED),
    "more than stated": (lambda: Zip([Zipped(b"bag/b", b"x" * 9, True, size=8)]), Trouble.DAMAGED),
    "less than stated": (lambda: Zip([Zipped(b"bag/b", b"x" * 9, True, size=10)]), Trouble.DAMAGED),
}  # fmt: skip


def overlapping() -> Zip:
    """The second member is the content of the first, a whole member itself."""
    inner = Zip([Zipped(b"bag/b", b"x" * 50)]).build()
    inner = inner[: inner.index(b"PK\1\2")]
    outer = Zipped(b"bag/a", inner)
    return Zip([outer, Zipped(b"bag/b", b"x" * 50, header=30 + len(outer.name), before=b"")])


@pytest.mark.parametrize("name", ZIPS)
def test_a_spoilt_zip_file_is_told(tmp_path: Path, name: str) -> None:
    build, trouble = ZIPS[name]
    path = tmp_path / "x.zip"
    path.write_bytes(build().build())
    found = taken(path)
    assert trouble in found.troubles, (found.troubles, found.details)
    assert all(".." not in name.split("/") and not name.startswith("/") for name in found.files)


GOOD = tar_member(b"bag/a", b"first " * 20)

TARS: dict[str, tuple[Callable[[], bytes], Trouble]] = {
    "slip": (lambda: tar(GOOD, tar_member(b"bag/../../evil")), Trouble.OUTSIDE),
    "slip by pax": (lambda: tar(GOOD, pax(path="../evil"), tar_member(b"bag/b")), Trouble.OUTSIDE),
    "slip by a long name": (lambda: tar(GOOD, tar_member(b"././@LongLink", b"../evil\0", b"L"), tar_member(b"bag/b")),
                            Trouble.OUTSIDE),
    "slip after the dot": (lambda: tar(GOOD, tar_member(b"./../evil")), Trouble.OUTSIDE),
    "absolute": (lambda: tar(GOOD, tar_member(b"/etc/passwd")), Trouble.OUTSIDE),
    "absolute after the dot": (lambda: tar(GOOD, tar_member(b".//etc/passwd")), Trouble.OUTSIDE),
    "prefix": (lambda: tar(GOOD, tar_header(b"evil", 0, magic=b"ustar\00000" + bytes(80) + b"..")), Trouble.OUTSIDE),
    "drive": (lambda: tar(GOOD, tar_member(b"C:/evil")), Trouble.OUTSIDE),
    "backslash": (lambda: tar(GOOD, tar_member(b"bag\\evil")), Trouble.OUTSIDE),
    "nul by pax": (lambda: tar(GOOD, pax(path="bag/a\0b"), tar_member(b"bag/b")), Trouble.OUTSIDE),
    "no name": (lambda: tar(GOOD, tar_member(b"")), Trouble.OUTSIDE),
    "long path": (lambda: tar(GOOD, pax(path="bag/" + "n/" * 2050), tar_member(b"bag/b")), Trouble.OUTSIDE),
    "long part": (lambda: tar(GOOD, pax(path="bag/" + "n" * 256), tar_member(b"bag/b")), Trouble.OUTSIDE),
    "a file called a folder": (lambda: tar(GOOD, tar_member(b"bag/b/", b"bytes", b"0")), Trouble.OUTSIDE),
    "symbolic link": (lambda: tar(GOOD, tar_member(b"bag/l", b"", b"2", link=b"/etc/passwd")), Trouble.SPECIAL),
    "hard link": (lambda: tar(GOOD, tar_member(b"bag/l", b"", b"1", link=b"bag/a")), Trouble.SPECIAL),
    "character device": (lambda: tar(GOOD, tar_member(b"bag/d", b"", b"3")), Trouble.SPECIAL),
    "block device": (lambda: tar(GOOD, tar_member(b"bag/d", b"", b"4")), Trouble.SPECIAL),
    "pipe": (lambda: tar(GOOD, tar_member(b"bag/d", b"", b"6")), Trouble.SPECIAL),
    "sparse": (lambda: tar(GOOD, tar_member(b"bag/s", b"", b"S")), Trouble.SPECIAL),
    "sparse by pax": (lambda: tar(GOOD, pax(**{"GNU.sparse.major": "1"}), tar_member(b"bag/s", b"x")), Trouble.SPECIAL),
    "unknown kind": (lambda: tar(GOOD, tar_member(b"bag/d", b"x", b"Z")), Trouble.SPECIAL),
    "volume label": (lambda: tar(tar_member(b"label", b"", b"V"), GOOD), Trouble.SPECIAL),
    "setuid": (lambda: tar(GOOD, tar_member(b"bag/s", mode=0o4755)), Trouble.PRIVILEGED),
    "setgid": (lambda: tar(GOOD, tar_member(b"bag/s", mode=0o2755)), Trouble.PRIVILEGED),
    "duplicate": (lambda: tar(GOOD, tar_member(b"bag/a", b"other")), Trouble.DUPLICATE),
    "duplicate after the dot": (lambda: tar(GOOD, tar_member(b"./bag/a", b"other")), Trouble.DUPLICATE),
    "a file below a file": (lambda: tar(GOOD, tar_member(b"bag/a/b", b"other")), Trouble.DUPLICATE),
    "a folder and a file": (lambda: tar(GOOD, tar_member(b"bag/a/", b"", b"5")), Trouble.DUPLICATE),
    "an extension of a gigabyte": (lambda: tar(GOOD, tar_header(b"x", 2**30, b"x")), Trouble.EXPANDS),
    "a long name of a gigabyte": (lambda: tar(GOOD, tar_header(b"x", 2**30, b"L")), Trouble.EXPANDS),
    "extensions without end": (lambda: tar(GOOD, *[pax(**{f"k{n}": "v" * 60_000}) for n in range(100)], GOOD),
                               Trouble.EXPANDS),
    "global extensions without end": (
        lambda: tar(GOOD, *[pax(b"g", **{f"k{n}": "v" * 60_000}) for n in range(100)], GOOD), Trouble.EXPANDS),
    "a size beyond all disks": (lambda: tar(GOOD, tar_header(b"bag/b", 2**62)), Trouble.EXPANDS),
    "a size beyond the archive": (lambda: tar(GOOD, tar_header(b"bag/b", 10_000)), Trouble.TRUNCATED),
    "a size by pax beyond the archive": (lambda: tar(pax(size="9999"), tar_member(b"bag/b", b"x")), Trouble.TRUNCATED),
    "a size that is none": (lambda: tar(pax(size="-1"), tar_member(b"bag/b", b"x")), Trouble.DAMAGED),
    "a size that is no number": (lambda: tar(pax(size="²"), tar_member(b"bag/b", b"x")), Trouble.DAMAGED),
    "a size of digits": (lambda: tar(pax(size="9" * 5000), tar_member(b"bag/b", b"x")), Trouble.DAMAGED),
    "a record that is none": (lambda: tar(tar_member(b"x", b"no record", b"x"), GOOD), Trouble.DAMAGED),
    "a record of no length": (lambda: tar(tar_member(b"x", b"0 a=b\n", b"x"), GOOD), Trouble.DAMAGED),
    "a record beyond the extension": (lambda: tar(tar_member(b"x", b"99 a=b\n", b"x"), GOOD), Trouble.DAMAGED),
    "no end mark": (lambda: tar(GOOD, end=b""), Trouble.TRUNCATED),
    "half an end mark": (lambda: tar(GOOD, end=bytes(512)), Trouble.TRUNCATED),
    "most of an end mark": (lambda: tar(GOOD, end=bytes(1000)), Trouble.TRUNCATED),
    "a header after half an end mark": (lambda: tar(GOOD, bytes(512), tar_member(b"bag/b")), Trouble.TRUNCATED),
    "an extension and no member": (lambda: tar(GOOD, pax(path="bag/b")), Trouble.TRUNCATED),
    "a second archive": (lambda: tar(GOOD) + tar(tar_member(b"bag/b")), Trouble.TRAILING),
    "bytes after the end": (lambda: tar(GOOD) + b"and more", Trouble.TRAILING),
    "a damaged header": (lambda: tar(GOOD, b"B" + tar_member(b"bag/b")[1:]), Trouble.DAMAGED),
    "a header of no sum": (lambda: tar(GOOD, b"\xff" * 512), Trouble.DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["tar", "tar.gz", "tar.zst"])
@pytest.mark.parametrize("name", TARS)
def test_a_spoilt_tar_file_is_told(tmp_path: Path, name: str, suffix: str) -> None:
    build, trouble = TARS[name]
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(packed(build(), suffix))
    found = taken(path)
    assert trouble in found.troubles, (found.troubles, found.details)
    assert all(".." not in name.split("/") and not name.startswith("/") for name in found.files)


@pytest.mark.parametrize("content", [b"", b"PK", b"#!/bin/sh\n" * 99, bytes(2000), b"BagIt-Version: 1.0\n", GOOD[:300]])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="neither a folder nor an archive"):
        taken(path)


def test_limits_are_parameters(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(tar(GOOD, tar_member(b"bag/b"), tar_member(b"bag/c")))
    assert taken(path).troubles == set()
    assert taken(path, Limits(members=2)).troubles == {Trouble.EXPANDS}
    assert taken(path, Limits(size=100)).troubles == {Trouble.EXPANDS}
    path.write_bytes(gzip.compress(tar(tar_member(b"bag/b", bytes(100_000)))))
    assert taken(path).troubles == set()
    assert Trouble.EXPANDS in taken(path, Limits(harmless=1000)).troubles


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros in a member": lambda: _squeezed(tar_header(b"bag/a", 600 << 20), 600 << 20),
    "zeros after the end mark": lambda: _squeezed(tar(GOOD), 600 << 20),
    "extensions": lambda: _squeezed(b"".join(pax(**{f"k{n}": "v" * 60_000}) for n in range(99)), 0, 200),
    "long names": lambda: _squeezed(
        b"".join(pax(path=f"bag/{n}/" + "n/" * 2000) + tar_member(b"x") for n in range(1000)), 0, 50
    ),
}


def _squeezed(head: bytes, zeros: int, times: int = 1) -> bytes:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [squeezer.compress(head) for _ in range(times)]
    block = bytes(1 << 20)
    parts += [squeezer.compress(block) for _ in range(zeros >> 20)]
    return b"".join([*parts, squeezer.flush()])


_READ = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from archives import taken
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = taken(Path(sys.argv[1]), keep=False)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_maxrss - before, used.ru_utime + used.ru_stime, *sorted(trouble.name for trouble in found.troubles))
"""


def read_apart(path: Path) -> tuple[int, float, set[str]]:
    """Memory in bytes, seconds of processor time, and the troubles, of a process that reads an archive."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path), str(Path(__file__).parent)],
        capture_output=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    memory, seconds, *troubles = done.stdout.decode().split()
    return int(memory) * 1024, float(seconds), set(troubles)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(BOMBS[name]())
    memory, _seconds, troubles = read_apart(path)
    assert "EXPANDS" in troubles
    assert memory < 200 << 20
