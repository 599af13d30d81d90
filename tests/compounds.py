"""Compound files (OLE) made by hand, sector by sector, for tests that need what no writer at hand makes."""

from __future__ import annotations

import struct

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 with these streams directly below its root."""
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        """Store data in sectors of its own; the number of the first."""
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        first = len(sectors)
        sectors.extend(pieces)
        chain.extend(range(first + 1, first + len(pieces)))
        chain.append(END)
        return first if pieces else END

    small, small_chain, entries = b"", [], []
    for name, content in streams.items():
        if len(content) >= CUTOFF:
            entries.append((name, 2, put(content), len(content)))
            continue
        first, count = len(small) // SMALL, -(-len(content) // SMALL)
        small_chain += [*range(first + 1, first + count), END]
        small += content.ljust(count * SMALL, b"\0")
        entries.append((name, 2, first, len(content)))
    root = put(small) if small else END
    small_table = put(b"".join(struct.pack("<I", each) for each in small_chain)) if small else END
    rows = [_entry("Root Entry", 5, root, len(small), child=1 if entries else FREE)]
    rows += [
        _entry(name, kind, first, size, right=number + 1 if number < len(entries) else FREE)
        for number, (name, kind, first, size) in enumerate(entries, 1)
    ]
    directory = put(b"".join(rows))
    table = len(sectors)
    chain.append(TABLE)
    assert len(chain) <= SECTOR // 4, "one sector of the table is enough for tests"
    sectors.append(b"".join(struct.pack("<I", each) for each in chain).ljust(SECTOR, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, directory, 0, CUTOFF, small_table, 1 if small else 0, END, 0, table)
    return header.ljust(SECTOR, b"\xff") + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int, *, right: int = FREE, child: int = FREE) -> bytes:
    words = name.encode("utf-16-le") + b"\0\0"
    row = words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, FREE, right, child)
    return row + bytes(16 + 4 + 16) + struct.pack("<IQ", first, size)
