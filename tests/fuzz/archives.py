"""Archives: zip, tar and compressed tar, held against zipfile and tarfile of the standard library."""

from __future__ import annotations

import gzip
import io
import os.path
import tarfile
import zipfile
import zlib
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

import archives as built

from archiver import plugs
from archiver.archives.opening import Archive, kind_of
from archiver.model.archive import ArchiveKind, Limits, MemberKind
from archiver.model.progress import QUIET
from archiver.packages.bag.serialised import serialised_contents
from fuzz.target import Target, no_check_crashes, register, size_class
from fuzz.workfile import Choices, workfile

SMALL = Limits(members=200, size=1 << 22, ratio=100, harmless=1 << 16, name=1 << 12, names=1 << 14)
BLOCK = 512


def archive(data: bytes, kinds: frozenset[ArchiveKind]) -> set[Hashable]:
    """Read an archive to its end, within limits, and as a bag; what is accepted without a fault, others read so too."""
    if kind_of(data[:BLOCK]) not in kinds:
        return {None}
    path = workfile("archive", data)
    found = built.taken(path, SMALL)
    again = built.taken(path, SMALL)
    assert (found.files, found.details) == (again.files, again.details)
    for name in found.files:
        assert os.path.normpath(f"/bag/{name}") == f"/bag/{name.rstrip('/')}", name
        assert "\0" not in name
        assert "\\" not in name
    assert sum(map(len, found.files.values())) <= SMALL.size
    if not found.troubles:
        _others_read_the_same(data, path)
    contents = serialised_contents(path, "x.zip", False, 1, QUIET)
    assert contents.serialised is not None
    runs, _findings = plugs.run_checks("archive", contents.serialised, subject="x")
    no_check_crashes(runs)
    return {*found.troubles, kind_of(data[:BLOCK]), size_class(len(found.files)), len(contents.problems) > 0}


def _others_read_the_same(data: bytes, path: Path) -> None:
    kind = kind_of(data[:BLOCK])
    if kind is ArchiveKind.ZIP:
        _as_zipfile(data, path)
    elif kind is ArchiveKind.TAR:
        _as_tarfile(data, path)
        _streamed(data, path)
    elif kind is ArchiveKind.TAR_GZ:
        try:
            plain = gzip.decompress(data)
        except (EOFError, OSError, zlib.error) as error:
            raise AssertionError(f"gzip refuses it: {error}") from error
        compressed = built.taken(path, SMALL).files
        if kind_of(plain[:BLOCK]) is ArchiveKind.TAR:
            assert built.taken(workfile("plain", plain), SMALL).files == compressed


def _as_zipfile(data: bytes, path: Path) -> None:
    try:
        other = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        return  # it refuses extra fields that it cannot make sense of
    with Archive(path, SMALL) as opened, other:
        members = opened.members()
        assert len(members) == len(other.infolist())
        for member, info in zip(members, other.infolist(), strict=True):
            if member.kind is not MemberKind.FILE:
                continue
            try:
                content = other.read(info)
            except NotImplementedError:
                continue  # a version or feature that zipfile does not know
            assert b"".join(opened.pieces(member)) == content, member.path


def _as_tarfile(data: bytes, path: Path) -> None:
    with Archive(path, SMALL) as opened:
        ours = [
            (member.path.rstrip("/"), b"".join(opened.pieces(member)) if member.kind is MemberKind.FILE else None)
            for member in opened.members()
        ]
    if any(
        data[at + 257 : at + 263] != b"ustar\0" and any(data[at + 345 : at + 500]) for at in range(0, len(data), BLOCK)
    ):
        return  # it takes what other forms have there for the beginning of a name
    try:
        theirs, end = _by_tarfile(data)
    except (tarfile.ReadError, UnicodeDecodeError):
        return  # it reads owners and times too, and refuses what it cannot make sense of
    try:
        tarfile.TarInfo.frombuf(data[end : end + BLOCK], "utf-8", "surrogateescape")
    except tarfile.EOFHeaderError:
        assert ours == theirs, (ours, theirs)
    except tarfile.HeaderError:
        assert ours[: len(theirs)] == theirs, (ours, theirs)  # it stops without a word at what it cannot read
    else:
        assert ours == theirs, (ours, theirs)


def _by_tarfile(data: bytes) -> tuple[list[tuple[str, bytes | None]], int]:
    """Names and bytes as tarfile has them, and the place where it stopped."""
    theirs = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as other:
        for info in other:
            name = info.name
            while name.startswith("./"):
                name = name[2:]
            if info.isdir() and name in {"", "."}:
                continue
            stream = other.extractfile(info) if info.isreg() else None
            theirs.append((name.rstrip("/"), stream.read() if stream is not None else None))
        return theirs, other.offset


def _streamed(data: bytes, path: Path) -> None:
    """The same members whether it is read in any order, as it goes by, or compressed."""
    with Archive(path, SMALL) as opened:
        passing = {member.path: b"".join(pieces) for member, pieces in opened.stream()}
        assert not opened.faults.all()
    assert passing == built.taken(path, SMALL).files
    packed = workfile("packed", gzip.compress(data, 1, mtime=0))
    assert built.taken(packed, SMALL).files == passing


def zip_bytes(data: bytes) -> Iterable[Hashable]:
    return archive(data, frozenset({ArchiveKind.ZIP}))


def zip_made(data: bytes) -> Iterable[Hashable]:
    """A zip whose parts agree unless the input says otherwise: most mutations of bytes are refused at the door."""
    return archive(made_zip(Choices(data)), frozenset({ArchiveKind.ZIP}))


_NAMES = (b"b/", b"b/bagit.txt", b"b/data/", b"b/data/a", b"b/data/a/", b"../x", b"/x", b"b//x", b"b\\x", b"C:x", b"",
          b"b/\xe7\x94\xb2", b"b/\xff", b"b/data/" + b"n" * 300, b"b/\0", b"b/manifest-md5.txt")  # fmt: skip
_MODES = (0o100644, 0o40755, 0o120777, 0o10644, 0o20644, 0o104755, 0, 0o644)


def made_zip(choices: Choices) -> bytes:
    members = []
    for _member in range(choices.below(5)):
        name = choices.pick(_NAMES) if choices.below(4) else choices.take(choices.below(12))
        if choices.below(2):
            name += b"%d" % choices.below(3)
        content = choices.take(choices.below(64)) * (1 + choices.below(3) ** 6)
        said: dict[str, object] = {"deflated": bool(choices.below(2)), "mode": choices.pick(_MODES)}
        for key, value in _overrides(choices, content).items():
            if choices.below(12) == 0:
                said[key] = value
        members.append(built.Zipped(name, content, **said))  # type: ignore[arg-type]
    odd = choices.below(8) == 0
    archive_bytes = built.Zip(
        members,
        comment=choices.take(choices.below(4)),
        prefix=choices.take(choices.below(3)) if odd else b"",
        suffix=choices.take(choices.below(3)) if odd else b"",
        before_directory=choices.take(choices.below(3)) if odd else b"",
        end64=choices.below(3) == 0,
    ).build()
    return choices.patched(archive_bytes)


def _overrides(choices: Choices, content: bytes) -> dict[str, object]:
    number = choices.number()
    descriptor = built.struct.pack("<4s3L", b"PK\7\10", zlib.crc32(content), len(content), len(content))
    return {
        "flags": choices.pick((0x800, 8, 1, 0x2000, 0x808, 0x20)), "method": choices.pick((0, 8, 9, 12, 14)),
        "crc": number & 0xFFFFFFFF, "size": number & 0xFFFFFFFF, "stored": number & 0xFFFFFFFF,
        "system": choices.pick((0, 3, 19, 10)), "extra": choices.pick((b"\1\0\x18\0", b"up",
        b"\x75\x70")) + choices.take(9),
        "header": number & 0xFFFF, "local_name": choices.pick(_NAMES), "local_crc": 0, "local_size": 0,
        "local_stored": 0, "local_method": 8, "local_flags": choices.pick((0, 8, 0x800)),
        "local_extra": choices.take(choices.below(9)), "before": choices.take(choices.below(3)),
        "descriptor": choices.pick((descriptor, descriptor[4:], b"x" * 12)),
    }  # fmt: skip


def tar_bytes(data: bytes) -> Iterable[Hashable]:
    """The first byte says whether sums of headers are put right, and an end mark is put behind them."""
    flags, content = data[:1] or b"\0", data[1:]
    if flags[0] & 1:
        content = with_sums(content)
    if flags[0] & 2:
        content += bytes(-len(content) % BLOCK) + built.END
    return archive(content, frozenset({ArchiveKind.TAR}))


def with_sums(content: bytes) -> bytes:
    """The sum of every header where one would be looked for, made right."""
    mended, at = bytearray(content), 0
    while at + BLOCK <= len(mended):
        head = bytes(mended[at : at + BLOCK])
        if any(head):
            total = sum(head) - sum(head[148:156]) + 8 * 32
            mended[at + 148 : at + 156] = b"%06o\0 " % total
        digits = head[124:136].strip(b"\0 ")
        size = int(digits, 8) if digits and not digits.strip(b"01234567") else 0
        at += BLOCK * (1 + -(-min(size, 1 << 20) // BLOCK))
    return bytes(mended)


_KINDS = (b"0", b"0", b"0", b"\0", b"5", b"1", b"2", b"3", b"4", b"6", b"7", b"S", b"x", b"g", b"L", b"K", b"V", b"M")


def made_tar(choices: Choices) -> bytes:
    found = []
    for _member in range(choices.below(6)):
        kind, name = choices.pick(_KINDS), choices.pick(_NAMES)[:99] + b"%d" % choices.below(3)
        content = choices.take(choices.below(90))
        if kind in b"xg":
            key = choices.pick(("path", "size", "linkpath", "GNU.sparse.size", "hdrcharset", "mtime", "path\0x"))
            value = choices.pick((content, b"12", b"-1", b"b/long/" + name, b"0x9", "１".encode(), b"99999999999999"))
            content = built.pax_record(key, value) * (1 + choices.below(2)) + choices.take(choices.below(2))
        elif kind in b"LK":
            content = choices.pick((b"b/data/" + b"n" * 120 + b"\0", content, b"b/" + content + b"\0"))
        magic = choices.pick((b"ustar\00000", b"ustar  \0", b"\0" * 8))
        size = choices.number() & 0xFFF if choices.below(12) == 0 else len(content)
        head = built.tar_header(name[:100], size, kind, mode=choices.pick((0o644, 0o4755)), magic=magic)
        if magic.startswith(b"ustar\0") and choices.below(5) == 0:
            head = head[:345] + choices.pick(_NAMES)[:155].ljust(155, b"\0") + head[500:]
        found.append(head + content + bytes(-len(content) % BLOCK))
    end = choices.pick((built.END, built.END, built.END + bytes(BLOCK * 3), b"", built.END[:BLOCK], built.END + b"x"))
    return with_sums(b"".join(found)) + end


def tar_made(data: bytes) -> Iterable[Hashable]:
    return archive(made_tar(Choices(data)), frozenset({ArchiveKind.TAR}))


def packed(data: bytes) -> Iterable[Hashable]:
    """A compressed tar: the first byte says whether the rest is compressed here, in one part or two, or is so."""
    flags, content = data[0] if data else 0, data[1:]
    if flags & 1:
        half = len(content) // 2 if flags & 2 else len(content)
        content = gzip.compress(content[:half], 1, mtime=0) + (
            gzip.compress(content[half:], 1, mtime=0) if half else b""
        )
        if flags & 4:
            content = content[: -1 - (flags >> 3)]
    return archive(content, frozenset({ArchiveKind.TAR_GZ}))


def _zip_seeds() -> Iterator[bytes]:
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", compression) as made:
            made.writestr("b/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
            made.writestr("b/data/甲.txt", "content")
        yield stream.getvalue()
    member = built.Zipped(b"b/data/a", b"content " * 9, deflated=True)
    yield built.Zip([built.Zipped(b"b/", mode=built.FOLDER), member], end64=True).build()
    yield built.Zip([], comment=b"nothing").build()


def _tar_members() -> bytes:
    return built.tar_member(b"b/bagit.txt", b"BagIt-Version: 1.0\n") + built.tar_member(b"b/data/a", b"content")


def _tar_seeds() -> Iterator[bytes]:
    yield b"\3" + _tar_members()
    yield b"\0" + built.tar(_tar_members())
    yield b"\3" + built.pax(path="b/data/" + "n" * 120) + _tar_members()
    yield b"\3" + built.pax(b"g", size="19") + _tar_members()
    yield b"\3" + built.tar_member(b"x", b"b/data/long\0", b"L") + _tar_members()
    yield b"\3" + built.tar_member(b"b/l", b"", b"2", link=b"/etc/passwd") + _tar_members()
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=form, encoding="utf-8") as made:
            info = tarfile.TarInfo("b/data/" + "甲" * 20)
            info.size = 3
            made.addfile(info, io.BytesIO(b"abc"))
        yield b"\1" + stream.getvalue()[: 5 * BLOCK] + built.END


def _packed_seeds() -> Iterator[bytes]:
    whole = built.tar(_tar_members())
    yield b"\1" + whole
    yield b"\3" + whole
    yield b"\5" + whole
    yield b"\0" + gzip.compress(whole, mtime=0)
    yield b"\0" + gzip.compress(b"", mtime=0) + gzip.compress(whole, mtime=0)
    yield b"\1" + whole + bytes(70000)


def _choices_seeds() -> Iterator[bytes]:
    for number in range(24):
        yield bytes((number * 37 + at * at * 11) & 0xFF for at in range(160))


_ZIP_WORDS = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\10", b"\xff\xff\xff\xff", b"\xff\xff",
    b"../",
              b"\1\0\x10\0", b"b/data/", b"up")  # fmt: skip
_TAR_WORDS = (b"ustar\00000", b"ustar  \0", b"path=", b"size=", b"GNU.sparse.", b"../", b"b/data/", b"\x80\0\0\0",
    b"\xff",
              b"0000000\0", b"77777777777\0", b"20 path=b/data/abc\n", b"./", *_KINDS)  # fmt: skip

register(Target("zip", zip_bytes, _zip_seeds, _ZIP_WORDS, 2048))
register(Target("zip-made", zip_made, _choices_seeds, (), 512))
register(Target("tar", tar_bytes, _tar_seeds, _TAR_WORDS, 6144))
register(Target("tar-made", tar_made, _choices_seeds, (), 512))
register(Target("tar-gz", packed, _packed_seeds, (*_TAR_WORDS, b"\x1f\x8b\x08"), 4096))
