"""opf-fido as a third identifier, on the bytes that siegfried was given. It comes with `archiver[fido]`.

Its signatures are those of PRONOM in 2022, older than siegfried's: it confirms, and what it says differently is no more
than a reason to look. Containers (ZIP, OLE) and PDF are not put to it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archiver.errors import ConfigurationError
from archiver.formats.glimpse import HEAD
from archiver.model.formats import UNKNOWN, IdentifiedFile
from archiver.model.values import Identification

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNATURES = "v109"


def ask_fido(found: IdentifiedFile, content: bytes | None, name: str) -> IdentifiedFile:
    """A file with what opf-fido takes it for; `content` are the bytes looked at, None where it is not asked.

    Raises ConfigurationError when opf-fido is not installed.
    """
    identifier = fido()
    if content is None or not content:
        return found
    begin, end = content[:HEAD], content[-HEAD:]
    puids = _puids(identifier.match_formats(begin, end))
    basis = "content"
    if not puids:
        puids, basis = _puids(identifier.match_extensions(name)), "extension"
    value = found.puid if found.puid in puids else next(iter(puids), UNKNOWN)
    said = f"opf-fido {_version()} (PRONOM {_SIGNATURES})"
    names = ", ".join(puids) if len(puids) > 1 else ""
    return replace(found, third=Identification(said, value, names, basis=basis if puids else ""))


@lru_cache(maxsize=1)
def fido() -> Any:
    """opf-fido with its signatures loaded. Raises ConfigurationError when it is not installed."""
    try:
        from fido.fido import Fido
    except ImportError as error:
        raise ConfigurationError(
            "opf-fido is not installed.",
            remedy="Install it: pip install 'archiver[fido]'. Or do without a third identifier.",
        ) from error
    files = [f"formats-{_SIGNATURES}.xml", "format_extensions.xml"]
    return Fido(quiet=True, nocontainer=True, handle_matches=lambda *_told: None, format_files=files)


def _version() -> str:
    from importlib.metadata import version

    return version("opf-fido")


def _puids(matches: Iterable[tuple[Any, str]]) -> tuple[str, ...]:
    """The PUIDs of what matched, fido's own identifiers left out, in order."""
    found = {str(form.find("puid").text) for form, _signature in matches}
    return tuple(sorted(puid for puid in found if "fido" not in puid))
