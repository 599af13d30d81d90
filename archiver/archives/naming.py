"""Names of archives: the kind that a suffix tells, and the name of the bag in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.model.archive import ArchiveKind

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = {
    **{f".{kind.suffix}": kind for kind in ArchiveKind},
    ".tgz": ArchiveKind.TAR_GZ,
    ".tzst": ArchiveKind.TAR_ZST,
}


def kind_by_name(path: Path) -> ArchiveKind | None:
    """The kind of archive that a name tells; None when it tells none."""
    return next((kind for suffix, kind in SUFFIXES.items() if path.name.endswith(suffix)), None)


def kind_and_name(destination: Path, kind: ArchiveKind | None) -> tuple[ArchiveKind, str]:
    """The kind of an archive and the name of the bag in it, by the archive's name. Raises UsageError."""
    suffix = next((end for end in sorted(SUFFIXES, key=len, reverse=True) if destination.name.endswith(end)), "")
    found = kind or SUFFIXES.get(suffix)
    if found is None:
        raise UsageError(
            f"{destination} does not say what kind of archive it will be.",
            remedy=f"Let its name end in {', '.join(sorted(SUFFIXES))}.",
        )
    if SUFFIXES.get(suffix) is not found:
        raise UsageError(
            f"{destination} is not called as a {found.suffix} is.", remedy=f"Let it end in .{found.suffix}."
        )
    name = destination.name.removesuffix(suffix)
    if not name or name in {".", ".."}:
        raise UsageError(f"{destination} leaves no name for the bag.", remedy="Put a name before the suffix.")
    return found, name
