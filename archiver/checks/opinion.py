"""The second opinion: where another implementation disagrees with us about a bag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.opinion import Opinion


@check("REF-001", "bagit-python agrees", "archiver: second opinion", needs="opinion", severity=Severity.NOTICE)
def bagit_python_agrees(opinion: Opinion) -> Iterator[Fault]:
    """Both implementations find the bag valid, or both find it invalid."""
    if opinion.valid is None:
        raise Skip(opinion.words)
    if opinion.valid != opinion.ours_valid:
        ours = "valid" if opinion.ours_valid else "not valid"
        yield Fault(
            f"archiver finds the bag {ours}; {opinion.referee} {opinion.version} says: {opinion.words}",
            remedy="docs/bagit.md lists where the two are known to differ; RFC 8493 decides.",
        )
