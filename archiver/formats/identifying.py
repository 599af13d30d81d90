"""Identification of many files at once: one look at each, PRONOM and libmagic, and what the content shows besides."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut, SourceChanged, UnreadableInput
from archiver.formats import tools
from archiver.formats.agreement import agreement
from archiver.formats.endings import damage
from archiver.formats.glimpse import Glimpse, glimpse, wants_all
from archiver.formats.locks import lock
from archiver.formats.nests import nest
from archiver.imaging.octets import EndsEarly, Held, Octets, opened
from archiver.model.formats import UNKNOWN, Doubt, FileToIdentify, FormatMatch, IdentifiedFile
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Format, Identification

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = 64 * 1024  # bytes given to libmagic, as many as a measuring read keeps
_AT_ONCE = 256  # files given to siegfried together
_EXTENSION = re.compile(r"\.[A-Za-z0-9_+~-]{1,16}")
# Extensions that PRONOM does not list with the formats that such files have by custom.
_CUSTOMARY = {
    **dict.fromkeys(("hocr", "alto", "mets", "mods", "page", "premis", "xmp"), "xml"),
    **dict.fromkeys(("sha1", "sha256", "sha512", "sfv", "hashdeep"), "txt"),
    "hocr": "xml html",
}
_FAMILY = {
    "xml": {"fmt/101", "x-fmt/111"},
    "txt": {"x-fmt/111"},
    "html": {"fmt/96", "fmt/97", "fmt/98", "fmt/99", "fmt/100", "fmt/102", "fmt/103", "fmt/471"},
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file with the bytes that were looked at."""

    file: FileToIdentify
    size: int
    mime: Identification
    glimpse: Glimpse | None  # None: siegfried is given the file itself
    facts: IdentifiedFile  # what the content shows, its format still open


def identify_many(
    files: Iterable[FileToIdentify], *, workers: int = 2, third: bool = False, progress: Progress = QUIET
) -> Iterator[IdentifiedFile]:
    """Identify files, in their order. `third` asks opf-fido too.

    Of each, its first and last bytes are looked at (`glimpse`), and the directory of an archive; PDF, ZIP and OLE files
    are given to siegfried themselves. Links and special files are never opened. Raises CouldNotFindOut when an
    identifier is missing or fails, SourceChanged when a file became shorter, StorageError when reading failed.
    """
    rest = iter(files)
    while several := list(islice(rest, _AT_ONCE)):
        yield from _identified([_look(file) for file in several], workers, third=third)
        progress.advance(len(several), 0)


def identify_one(file: FileToIdentify, *, third: bool = False) -> IdentifiedFile:
    """Identify one file. Raises what `identify_many` raises."""
    return next(identify_many([file], workers=1, third=third))


def _look(file: FileToIdentify) -> _Looked:
    try:
        with _octets(file) as octets:
            return _looked(file, octets)
    except UnreadableInput as error:
        raise CouldNotFindOut(error.message, remedy=error.remedy) from error
    except EndsEarly as error:
        raise SourceChanged(f"{file.path} became shorter while it was read: {error}.") from error


@contextmanager
def _octets(file: FileToIdentify) -> Iterator[Octets]:
    if file.content is not None:
        yield Held(file.content)
        return
    with opened(file.path) as octets:
        yield octets


def _looked(file: FileToIdentify, octets: Octets) -> _Looked:
    head = file.head if file.head is not None else octets.some(0, HEAD)
    if len(head) < min(octets.size, 16):
        head = octets.some(0, HEAD)
    mime = tools.media_type(head)
    facts = IdentifiedFile(
        file.name,
        file.path,
        octets.size,
        Format(mime, Identification("", UNKNOWN)),
        lock=lock(octets, head),
        nest=nest(octets, head),
        damage=damage(octets, head),
    )
    seen = None if wants_all(head) else glimpse(octets, head)
    return _Looked(file, octets.size, mime, seen, facts)


def _identified(several: list[_Looked], workers: int, *, third: bool) -> list[IdentifiedFile]:
    with tempfile.TemporaryDirectory(prefix="archiver-formats-") as folder:
        paths = [_stand_in(Path(folder), number, looked) for number, looked in enumerate(several)]
        said = tools.pronom_matches(paths, workers=workers)
    found = [_judged(looked, matches) for looked, matches in zip(several, said, strict=True)]
    if not third:
        return found
    from archiver.formats.third import ask_fido

    seen = [looked.glimpse.content if looked.glimpse is not None else None for looked in several]
    return [ask_fido(file, content, path.name) for file, content, path in zip(found, seen, paths, strict=True)]


def _stand_in(folder: Path, number: int, looked: _Looked) -> Path:
    """A file that siegfried is given: the bytes looked at, or a link to the file, under the depositor's extension."""
    path = folder / f"{number:05}{extension_of(looked.file.name)}"
    if looked.glimpse is not None:
        path.write_bytes(looked.glimpse.content)
    elif looked.file.content is not None:
        path.write_bytes(looked.file.content)
    else:
        path.symlink_to(os.path.abspath(looked.file.path))  # noqa: PTH100  resolve() would follow links
    return path


def extension_of(name: str) -> str:
    """The extension of a name, with its dot; empty when it has none that a registry could know."""
    suffix = Path(name.rsplit("/", 1)[-1]).suffix
    return suffix if _EXTENSION.fullmatch(suffix) else ""


def _judged(looked: _Looked, matches: tools.Matches) -> IdentifiedFile:
    first = matches.found[0] if matches.found else None
    known = first if first is not None and first.puid != UNKNOWN else None
    said = tools.siegfried().said
    if first is None:
        pronom = Identification(said, UNKNOWN, warning=matches.warning)
    else:
        basis = looked.glimpse.basis(first.basis) if looked.glimpse is not None else first.basis
        pronom = Identification(said, first.puid, first.name, first.version, basis, first.warning)
    facts = looked.facts
    return IdentifiedFile(
        facts.name,
        facts.path,
        facts.size,
        Format(looked.mime, pronom),
        tuple(each for each in matches.found if each.puid != UNKNOWN),
        agreement(known, looked.mime.value),
        _doubts(looked.file.name, matches.found, looked.size),
        facts.lock,
        facts.nest,
        facts.damage,
    )


def _doubts(name: str, found: tuple[FormatMatch, ...], size: int) -> frozenset[Doubt]:
    known = [match for match in found if match.puid != UNKNOWN]
    if not known:
        return frozenset({Doubt.UNKNOWN})
    doubts = set()
    warning = known[0].warning
    text = "match on text only" in warning
    if "match on extension only" in warning:
        doubts.add(Doubt.EXTENSION_ONLY)
    if text:
        doubts.add(Doubt.TEXT_ONLY)
    if len(known) > 1:
        doubts.add(Doubt.SEVERAL)
    if "extension mismatch" in warning and size and _is_mismatch(name, known[0], text=text):
        doubts.add(Doubt.EXTENSION_MISMATCH)
    return frozenset(doubts)


def _is_mismatch(name: str, match: FormatMatch, *, text: bool) -> bool:
    """Whether a name promises another format: an extension that is missing, customary or in no registry does not."""
    extension = extension_of(name)
    if not extension:
        return False
    for family in _CUSTOMARY.get(extension[1:].lower(), "").split():
        if match.puid in _FAMILY[family]:
            return False
    return not text or bool(formats_of_extension(extension.lower()))


@lru_cache(maxsize=512)
def formats_of_extension(extension: str) -> tuple[str, ...]:
    """The PUIDs that PRONOM lists under an extension (".tif"). Raises CouldNotFindOut when siegfried fails."""
    with tempfile.TemporaryDirectory(prefix="archiver-formats-") as folder:
        path = Path(folder) / f"probe{extension}"
        path.touch()
        (matches,) = tools.pronom_matches([path])
    listed = [match.puid for match in matches.found if match.puid != UNKNOWN]
    listed += re.findall(r"x?-?fmt/\d+", " ".join([matches.warning, *(match.warning for match in matches.found)]))
    return tuple(dict.fromkeys(listed))
