"""Files of a deposit that are the same, byte for byte: told by size, then by their ends, then by every byte."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from archiver.fixity import measure
from archiver.model.duplicates import SameBytes
from archiver.model.values import Algorithm

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from archiver.model.package import Measured, SourceFile

_END = 65_536  # bytes at the head and at the tail that are compared before all of them are


def same_bytes(files: Sequence[SourceFile], measured: Mapping[str, Measured]) -> tuple[SameBytes, ...]:
    """Groups of files with the same bytes, in order of names; empty files and names of one file on disk aside.

    Only files whose size and ends are the same are read whole, unless `measured` has their digests. Raises what reading
    a file raises.
    """
    groups: Iterable[Sequence[SourceFile]] = _parted(files, lambda file: file.stamp.size)
    for key in (_ends, lambda file: _digest(file, measured)):
        groups = [part for group in groups for part in _parted(group, key)]
    found = []
    for group in groups:
        inodes = {(file.stamp.device, file.stamp.inode) for file in group}
        if len(inodes) > 1:  # names of one file are told by another rule
            found.append(SameBytes(tuple(sorted(file.name for file in group)), group[0].stamp.size))
    return tuple(sorted(found, key=lambda each: each.names))


def content_digest(digests: Iterable[str]) -> str:
    """One digest that stands for the deposited files of an issue, whatever they are called: "sha256:…"."""
    return f"sha256:{hashlib.sha256(chr(10).join(sorted(digests)).encode()).hexdigest()}"


def _parted(files: Sequence[SourceFile], key: Callable[[SourceFile], Hashable]) -> list[list[SourceFile]]:
    parts: dict[Hashable, list[SourceFile]] = {}
    for file in files:
        if file.stamp.size:
            parts.setdefault(key(file), []).append(file)
    return [part for part in parts.values() if len(part) > 1]


def _ends(file: SourceFile) -> bytes:
    if file.content is not None:
        return file.content[:_END] + file.content[-_END:]
    descriptor = measure.open_regular(file.path)
    try:
        return hashlib.sha256(
            os.pread(descriptor, _END, 0) + os.pread(descriptor, _END, max(0, file.stamp.size - _END))
        ).digest()
    except OSError as error:
        raise measure.failure(error, file.path, "reading") from error
    finally:
        os.close(descriptor)


def _digest(file: SourceFile, measured: Mapping[str, Measured]) -> str:
    known = measured.get(file.name)
    for checksum in known.checksums if known is not None else ():
        if checksum.algorithm is Algorithm.SHA512:
            return checksum.hexdigest
    return measure.measure(file, (Algorithm.SHA512,)).digest(Algorithm.SHA512)
