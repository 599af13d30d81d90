"""Rules for files that were to be fetched: what fetch.txt and the manifests state is what came (RFC 8493 §2.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.fetching import Fetching, Hindrance
from archiver.model.report import Fault
from archiver.model.web import shown
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASK = "Ask whoever made the bag for the file itself, or for an address where it lies."


def _faults(run: Fetching, hindrance: Hindrance, words: str, remedy: str = _ASK) -> Iterator[Fault]:
    for outcome in run.hindered(hindrance):
        entry = outcome.entry
        message = words.format(path=entry.path, address=shown(entry.url), detail=outcome.detail)
        yield Fault(message, "fetch.txt", entry.line, outcome.remedy or remedy)


@check("FTC-001", "Files to fetch are there", "RFC 8493 §2.2.3", needs="fetch")
def there(run: Fetching) -> Iterator[Fault]:
    """The server does not say that there is no such file."""
    yield from _faults(run, Hindrance.GONE, "{path}: {detail}")


@check("FTC-002", "What is fetched has the stated size", "RFC 8493 §2.2.3", needs="fetch")
def sizes(run: Fetching) -> Iterator[Fault]:
    """As many bytes come as fetch.txt states; the first one too many ends the download."""
    yield from _faults(run, Hindrance.SIZE, "{path} from {address}: {detail}")


@check("FTC-003", "What is fetched has its stated digests", "RFC 8493 §2.2.3, §3", needs="fetch")
def digests(run: Fetching) -> Iterator[Fault]:
    """Every manifest is right about it, before it has its name in the payload."""
    yield from _faults(run, Hindrance.DIGEST, "{path} from {address}: {detail}")


@check("FTC-004", "Addresses to fetch from may be followed", "RFC 8493 §5.2", needs="fetch")
def addresses(run: Fetching) -> Iterator[Fault]:
    """http and https on the public net, or a host that was named; also what an address leads on to."""
    yield from _faults(run, Hindrance.ADDRESS, "{path} is not fetched from {address}: {detail}",
                       f"{_ASK} A server of your own may be named with --allow-host.")  # fmt: skip


@check("FTC-005", "What is to be fetched can be verified", "RFC 8493 §2.2.3, §2.4", needs="fetch")
def verifiable(run: Fetching) -> Iterator[Fault]:
    """Every manifest lists it, and a digest of it can be computed here."""
    yield from _faults(run, Hindrance.UNVERIFIABLE, "{path} is not fetched: {detail}",
                       "Ask whoever made the bag to list the file in every manifest.")  # fmt: skip
