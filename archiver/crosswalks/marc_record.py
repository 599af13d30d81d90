"""One MARC 21 record in the making: fields in order, original script in 880 tied to its romanised form by $6."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.metadata.xml import Element, add

if TYPE_CHECKING:
    from collections.abc import Sequence

Subfields = tuple[tuple[str, str], ...]
# ISO 15924 → what stands behind the slash in $6 (MARC 21 appendix A), for scripts that have a code there.
_SCRIPTS = {
    **dict.fromkeys(("Hans", "Hant", "Hani", "Jpan", "Kore", "Hang", "Hira", "Kana"), "$1"),
    "Cyrl": "(N",
    "Arab": "(3",
    "Hebr": "(2",
    "Grek": "(S",
}
_RIGHT_TO_LEFT = {"Arab", "Hebr"}


@dataclass(frozen=True, slots=True)
class Field:
    """A data field: tag, both indicators as one string of two, subfields in order."""

    tag: str
    indicators: str
    subfields: Subfields


class MarcRecord:
    """A record: leader and control fields as given, data fields as they are added."""

    def __init__(self, leader: str, control: Sequence[tuple[str, str]]) -> None:
        self._leader, self._control = leader, tuple(control)
        self._fields: list[Field] = []
        self._originals: list[Field] = []
        self._codes: dict[str, None] = {}

    def add(self, tag: str, indicators: str, *subfields: tuple[str, str]) -> None:
        """Add a field; subfields without content are left out, and a field without any as well."""
        kept = tuple((code, value) for code, value in subfields if value)
        if kept:
            self._fields.append(Field(tag, indicators, kept))

    def pair(self, tag: str, indicators: str, latin: Subfields, original: Subfields, script: str) -> None:
        """Add a romanised field, and the same in its own script as the 880 that it is tied to."""
        number = f"{len(self._originals) + 1:02}"
        code = _SCRIPTS.get(script, "")
        if code:
            self._codes[code] = None
        behind = f"/{code}" if code else ""
        behind += "/r" if script in _RIGHT_TO_LEFT else ""
        self.add(tag, indicators, ("6", f"880-{number}"), *latin)
        kept = tuple((each, value) for each, value in original if value)
        self._originals.append(Field("880", indicators, (("6", f"{tag}-{number}{behind}"), *kept)))

    def write(self, collection: Element) -> None:
        """Add the record to a collection, its fields in order of their tags, those of one tag as they were added."""
        if self._codes:
            self.add("066", "  ", *(("c", code) for code in self._codes))
        record = add(collection, "marc:record", {"type": "Bibliographic"})
        add(record, "marc:leader", text=self._leader)
        for tag, value in self._control:
            add(record, "marc:controlfield", {"tag": tag}, value)
        for field in (*sorted(self._fields, key=lambda field: field.tag), *self._originals):
            entry = add(
                record,
                "marc:datafield",
                {"tag": field.tag, "ind1": field.indicators[0], "ind2": field.indicators[1]},
            )
            for code, value in field.subfields:
                add(entry, "marc:subfield", {"code": code}, value)
