"""The format policy of a package profile: what an archive decided about formats, read from its section [formats]."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.errors import ConfigurationError
from archiver.model.formats import UNKNOWN, Decision, FormatPolicy, Standing
from archiver.model.package_profile import FORMAT_KEYS
from archiver.profiles import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PUID = re.compile(r"(?:x-)?fmt/[1-9][0-9]{0,5}")


def read_policy(path: Path, text: str, table: Mapping[str, Any]) -> FormatPolicy:
    """The policy that `table` states; `path` and `text` are those of the profile.

    Raises ConfigurationError: file, line, key, what was expected.
    """
    reader = _PolicyReader(path, text)
    decisions: dict[str, Decision] = {}
    for standing in Standing:
        for decision in reader.decisions(standing, table.get(standing.value, [])):
            before = decisions.get(decision.puid)
            if before is not None:
                where = f"formats.{standing.value}"
                raise reader.wrong(where, f"each PUID once; {decision.puid} is {before.standing.value}", decision.puid)
            decisions[decision.puid] = decision
    return FormatPolicy(decisions, reader.others(table.get("others", Standing.ACCEPTED.value)))


class _PolicyReader:
    """Reads decisions, and says where a wrong one stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text

    def wrong(self, key: str, expected: str, shown: object = None) -> ConfigurationError:
        """The error about a key, with the line of what is wrong, where it can be found."""
        return ConfigurationError(f"{self._path}:{self._line(key, shown)}: {key}: expected {expected}.")

    def _line(self, key: str, shown: object) -> int:
        table, _, name = key.rpartition(".")
        line = locate(self._text, table, name)
        if isinstance(shown, str) and shown:
            lines = self._text.split("\n")
            later = (number for number in range(line, len(lines) + 1) if f'"{shown}"' in lines[number - 1])
            return next(later, line)
        return line

    def decisions(self, standing: Standing, value: object) -> Iterator[Decision]:
        key = f"formats.{standing.value}"
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.wrong(key, 'a list of tables such as { puid = "fmt/353", reason = "…" }')
        for each in value:
            yield from self._decisions(key, standing, each)

    def _decisions(self, key: str, standing: Standing, table: Mapping[str, Any]) -> Iterator[Decision]:
        puids = table.get("puid")
        listed = puids if isinstance(puids, list) else [puids]
        shown = next((each for each in listed if isinstance(each, str)), None)
        for name in table:
            if name not in FORMAT_KEYS:
                raise self.wrong(key, f"the keys {' and '.join(FORMAT_KEYS)}, not {name!r}", shown)
        if not listed:
            raise self.wrong(key, "at least one PUID in each table")
        named: list[str] = []
        for puid in listed:
            if not isinstance(puid, str) or not (_PUID.fullmatch(puid) or puid == UNKNOWN):
                raise self.wrong(key, f"puid as PRONOM writes it, such as fmt/353 or x-fmt/111, not {puid!r}", puid)
            named.append(puid)
        reason = table.get("reason", "")
        if not isinstance(reason, str):
            raise self.wrong(key, "reason as a text in quotation marks", shown)
        if not reason.strip() and standing is not Standing.ACCEPTED:
            raise self.wrong(key, f"a reason why {shown} is {standing.value}", shown)
        yield from (Decision(standing, reason.strip(), puid) for puid in named)

    def others(self, value: object) -> Standing:
        known = {standing.value: standing for standing in Standing}
        if not isinstance(value, str) or value not in known:
            raise self.wrong("formats.others", f"one of {', '.join(known)}, not {value!r}")
        return known[value]
