"""Values of a profile read into their types; what is wrong with them is gathered, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Container, Iterable

from archiver.bag_profiles.strict_json import Members, kind, pointer
from archiver.model.bag_profile import Remark
from archiver.model.report import Severity

_UNKNOWN = "a key that the specification does not know; it was not looked at"


class Values:
    """Reads single values. `faults` keep a profile from being used, `remarks` do not."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []  # place, words
        self.remarks: list[Remark] = []

    def wrong(self, keys: tuple[str | int, ...], expected: str) -> None:
        """Note a fault at a place."""
        self.faults.append((pointer(*keys), f"expected {expected}"))

    def remark(self, place: str, words: str, severity: Severity = Severity.NOTICE) -> None:
        """Note what is odd."""
        self.remarks.append(Remark(place, words, severity))

    def members(self, value: object, *keys: str | int) -> dict[str, object]:
        """The members of an object; none, and a fault, when it is no object."""
        if isinstance(value, Members):
            return value.items
        self.wrong(keys, f"an object, found {kind(value)}")
        return {}

    def unknown(self, found: Iterable[str], known: Container[str], *keys: str) -> None:
        """Remark on each key that is not known."""
        for key in found:
            if key not in known:
                self.remarks.append(Remark(pointer(*keys, key), _UNKNOWN, Severity.NOTICE, unknown_key=True))

    def claim(self, value: object, *keys: str | int) -> bool:
        """True or false; the grammar of the specification also has them in quotation marks."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in {"true", "false"}:
            self.remark(pointer(*keys), f"expected true or false without quotation marks, found {kind(value)}")
            return value == "true"
        self.wrong(keys, f"true or false, found {kind(value)}")
        return False

    def list_of_texts(self, value: object, *keys: str | int) -> tuple[str, ...]:
        """A list of texts, none of them empty; what is no such text is left out, with a fault."""
        if not isinstance(value, list):
            self.wrong(keys, f"a list of texts, found {kind(value)}")
            return ()
        texts = []
        for index, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                self.wrong((*keys, index), f"a text that is not empty, found {kind(item)}")
            else:
                texts.append(item)
        return tuple(texts)
