"""Every fault of a serial profile in one go: each is noted, something sound put in its place, and read on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver import profiles
from archiver.errors import ConfigurationError, UnreadableInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_FAULTS = 100  # told of one profile
_FORM = {"lines": ["(?P<title>x)(?P<date>x)"]}
# What is put where a fault was, to find those behind it; a key that is not here is left out.
_SOUND: Mapping[str, Any] = {
    "serial": {"id": "x", "title": "x", "language": "eng"},
    "numbering": {},
    "masthead": {"forms": [_FORM]},
    "articles": {"headline": "(?P<headline>x)"},
    "id": "x",
    "title": "x",
    "language": "eng",
    "forms": [_FORM],
    "headline": "(?P<headline>x)",
}
_SOUND_ENTRIES: Mapping[str, Any] = {
    "masthead.forms": _FORM,
    "serial.parallel-titles": {"title": "x", "language": "eng"},
}


def faults(path: Path) -> list[ConfigurationError]:
    """Every fault of the profile in a file, one for each place; none when it is sound.

    Raises UnreadableInput when the file cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path}: the profile cannot be read: {error.strerror}.") from error
    return faults_of(text, str(path))


def faults_of(text: bytes, origin: str) -> list[ConfigurationError]:
    """Every fault of a profile's text; `origin` names the file in messages."""
    try:
        reader = profiles.reader(text, origin)
    except ConfigurationError as error:
        return [error]
    found: list[ConfigurationError] = []
    mended: set[tuple[str, str, int]] = set()
    while len(found) < _MOST_FAULTS:
        try:
            reader.profile(text)
        except ConfigurationError as error:
            if reader.place in mended:
                break
            found.append(error)
            mended.add(reader.place)
            _mend(reader.data, *reader.place)
        else:
            break
    return found


def _mend(data: dict[str, Any], table: str, key: str, index: int) -> None:
    """Put something sound where a fault was. What stands around it may be of the wrong kind too."""
    holder: Any = data
    for part in filter(None, table.split(".")):
        holder = holder.get(part) if isinstance(holder, dict) else None
    if isinstance(holder, list):
        holder[index] = dict(_SOUND_ENTRIES[table])
    elif isinstance(holder, dict) and key in _SOUND:
        holder[key] = _SOUND[key]
    elif isinstance(holder, dict):
        holder.pop(key, None)
