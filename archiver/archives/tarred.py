"""The members of a tar file (POSIX.1-2001 pax, ustar, GNU long names), header by header, from bytes that only go on.

tarfile of the standard library reads an extension of any size into memory; here a header, its names and its extensions
have a limit, and nothing is taken on trust.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from archiver.archives.faults import Faults, Roll
from archiver.model.archive import ArchiveTrouble, Limits, Member, MemberKind

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 512
_ZEROS = bytes(BLOCK)
_PIECE = 1 << 20
_KEYS = frozenset({"path", "size"})  # of extensions; whatever else one says does not change what a member is
_SPARSE = "GNU.sparse."
_KINDS = {
    b"0": MemberKind.FILE,
    b"\0": MemberKind.FILE,
    b"7": MemberKind.FILE,
    b"1": MemberKind.HARD_LINK,
    b"2": MemberKind.LINK,
    b"3": MemberKind.DEVICE,
    b"4": MemberKind.DEVICE,
    b"5": MemberKind.FOLDER,
    b"6": MemberKind.FIFO,
    b"S": MemberKind.SPARSE,
}


class Going(Protocol):
    """Bytes that only go on; `at` is how many have gone by, `packed` how many bytes the archive takes on the disk."""

    at: int
    packed: int

    def read(self, length: int) -> bytes:
        """So many bytes, fewer only at the end."""

    def skip(self, length: int) -> int:
        """Pass over so many bytes; how many there were."""


class _Stop(Exception):
    """The archive cannot be read on; its fault is noted."""


def members(going: Going, faults: Faults, limits: Limits) -> Iterator[Member]:
    """The members in order. Whoever takes one may read at most its bytes; what was left of them is passed over."""
    roll = Roll(faults, limits)
    reader = _Headers(going, faults, limits, roll)
    try:
        while (member := reader.next()) is not None:
            if not roll.admit(member, going.packed):
                return
            end = going.at + member.size
            is_root = not member.path and member.kind is MemberKind.FOLDER
            if not is_root and roll.take(member):
                yield member
            left = end - going.at + -member.size % BLOCK
            if going.skip(left) < left:
                faults.add(ArchiveTrouble.TRUNCATED, member.path, "the archive ends within the member")
                return
        reader.expect_nothing_more()
    except _Stop:
        return


class _Headers:
    """Headers with their extensions, one member after the other."""

    def __init__(self, going: Going, faults: Faults, limits: Limits, roll: Roll) -> None:
        self._going, self._faults, self._limits, self._roll = going, faults, limits, roll
        self._global: dict[str, str] = {}
        self._extensions = 0  # bytes of those of the member to come

    def next(self) -> Member | None:
        """The next member, its bytes not yet read; None at the end. Raises _Stop when there is no going on."""
        names: dict[str, str] = {}
        self._extensions = 0
        while True:
            block = self._going.read(BLOCK)
            if block == _ZEROS and not names and self._going.read(BLOCK) == _ZEROS:
                return None
            if len(block) < BLOCK or block == _ZEROS:
                self._stop(ArchiveTrouble.TRUNCATED, "the archive ends without its end mark")
            self._check_sum(block)
            kind, size = block[156:157], self._number(block[124:136])
            if kind in b"xg" or kind in b"LK":
                self._extend(kind, size, names)
                continue
            return self._member(block, kind, size, {**self._global, **names} if self._global else names)

    def expect_nothing_more(self) -> None:
        """After the end mark, only zeros may fill the last record."""
        while piece := self._going.read(_PIECE):
            if piece.count(0) != len(piece):
                self._stop(ArchiveTrouble.TRAILING, "bytes after the end mark")
            if not self._roll.passes(self._going.at, self._going.packed):
                raise _Stop

    def _member(self, block: bytes, kind: bytes, size: int, said: dict[str, str]) -> Member:
        name = block[:100].split(b"\0")[0]
        if block[257:262] == b"ustar" and block[262:263] == b"\0" and (prefix := block[345:500].split(b"\0")[0]):
            name = prefix + b"/" + name
        path = said.get("path") or name.decode("utf-8", "surrogateescape")
        found = _KINDS.get(kind, MemberKind.OTHER)
        if said and any(key.startswith(_SPARSE) for key in said):
            found = MemberKind.SPARSE
        if "size" in said:
            if not said["size"].isascii() or not said["size"].isdigit() or len(said["size"]) > 20:
                self._stop(ArchiveTrouble.DAMAGED, f"a size of {said['size'][:40]!r}")
            size = int(said["size"])
        if kind == b"\0" and path.endswith("/") is not name.endswith(b"/"):
            self._stop(ArchiveTrouble.DISAGREES, "a member that is a file by one of its names, and a folder by another")
        if found is MemberKind.FILE and path.endswith("/") and kind == b"\0":
            found = MemberKind.FOLDER
        if found is MemberKind.FOLDER and size:
            self._stop(ArchiveTrouble.DISAGREES, f"a folder of {size:,} bytes, which some programs pass over")
        while path.startswith("./"):
            path = path[2:]
        if path in {"", "."} and found is MemberKind.FOLDER:
            path = ""  # the folder that the archive was made in
        has_bytes = found is MemberKind.FILE or found is MemberKind.SPARSE or found is MemberKind.OTHER
        mode = self._number(block[100:108]) & 0o7777
        return Member(path, found, size if has_bytes else 0, self._going.at, size, mode=mode)

    def _extend(self, kind: bytes, size: int, names: dict[str, str]) -> None:
        self._extensions += size + BLOCK
        if self._extensions > self._limits.name:
            detail = f"extensions of {self._extensions:,} bytes for one member; the limit is {self._limits.name:,}"
            self._stop(ArchiveTrouble.EXPANDS, detail)
        if not self._roll.passes(self._going.at + size, self._going.packed):
            raise _Stop
        content = self._going.read(size)
        filling = self._going.read(-size % BLOCK)
        if len(content) < size:
            self._stop(ArchiveTrouble.TRUNCATED, "the archive ends within an extension")
        if kind == b"L":
            if b"\0" not in content and filling.strip(b"\0"):
                self._stop(ArchiveTrouble.DISAGREES, "a long name whose end is not clear")
            self._tell(names, {"path": content.split(b"\0")[0].decode("utf-8", "surrogateescape")})
        elif kind in b"xg":
            told = {key: value for key, value in self._pairs(content) if key in _KEYS or key.startswith(_SPARSE)}
            if kind == b"x":
                self._tell(names, told)
            elif own := sorted({"path", "size"} & told.keys()):
                self._stop(ArchiveTrouble.DISAGREES, f"one {own[0]} for all members, which programs read differently")
            else:
                self._global.update(told)

    def _tell(self, names: dict[str, str], told: dict[str, str]) -> None:
        """Note what an extension says of the next member. Programs differ in which of two they believe."""
        if told.get("path") == "":
            self._stop(ArchiveTrouble.DISAGREES, "an extension with an empty name, which programs read differently")
        twice = sorted(key for key in told if names.get(key, told[key]) != told[key])
        if twice:
            self._stop(ArchiveTrouble.DISAGREES, f"two extensions of one member say different things of its {twice[0]}")
        names.update(told)

    def _pairs(self, content: bytes) -> Iterator[tuple[str, str]]:
        content, at = content.rstrip(b"\0"), 0
        while at < len(content):
            length = content[at : at + 10].partition(b" ")[0]
            if not length.isdigit() or len(length) > 9 or not 0 < int(length) <= len(content) - at:
                self._stop(ArchiveTrouble.DAMAGED, "an extension that is not of its form")
            record = content[at + len(length) + 1 : at + int(length)]
            key, equals, value = record.partition(b"=")
            if not equals or not value.endswith(b"\n"):
                self._stop(ArchiveTrouble.DAMAGED, "an extension that is not of its form")
            yield key.decode("utf-8", "surrogateescape"), value[:-1].decode("utf-8", "surrogateescape")
            at += int(length)

    def _check_sum(self, block: bytes) -> None:
        stated = self._number(block[148:156])
        outside = stated + sum(block[148:156]) - 8 * 32  # the sum is made with spaces in its own place
        if sum(block) != outside and sum(byte - 256 if byte > 127 else byte for byte in block) != outside:
            self._stop(ArchiveTrouble.DAMAGED, f"the header at byte {self._going.at - BLOCK} is damaged")

    def _number(self, field: bytes) -> int:
        if field[:1] in {b"\x80", b"\xff"}:
            value = int.from_bytes(field[1:], "big")
            if field[0] == 0xFF or value >= 1 << 63:
                self._stop(ArchiveTrouble.DAMAGED, "a number out of range")
            return value
        digits = field.rstrip(b"\0 ")
        if digits.isdigit() and not (b"8" in digits or b"9" in digits):
            return int(digits, 8)
        digits = field.split(b"\0")[0].strip(b" ")
        if digits and (not digits.isdigit() or set(digits) & set(b"89")):
            self._stop(ArchiveTrouble.DAMAGED, f"a number of {digits[:12]!r}")
        return int(digits or b"0", 8)

    def _stop(self, trouble: ArchiveTrouble, detail: str) -> None:
        self._faults.add(trouble, "", detail)
        raise _Stop
