"""Serial profiles: TOML files read into `SerialProfile`. A wrong one says which key, which line, what was expected."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archiver.errors import ConfigurationError, UnreadableInput
from archiver.model.profile import FIELDS, GROUPS, KEYS, MastheadForm, PackageNumber, SerialProfile
from archiver.model.serial import Title
from archiver.profile_articles import article_forms, known_names, romanised_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FREQUENCIES = ("daily", "weekly", "fortnightly", "monthly", "irregular")


def load(path: Path) -> SerialProfile:
    """Read one profile, and the authority file beside it that it names.

    Raises UnreadableInput or ConfigurationError (file, line, key, what was expected). What is wrong with the authority
    file is kept in it: a rule tells it.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path}: the profile cannot be read: {error.strerror}.") from error
    profile = parse(text, str(path))
    known = profile.known_names
    if known is None or not known.file:
        return profile
    from archiver.names.reading import load as load_authorities

    return replace(profile, known_names=replace(known, authorities=load_authorities(path.parent, known.file)))


def load_all(folders: Iterable[Path]) -> dict[str, SerialProfile]:
    """Every profile of the folders by serial ID; an ID in an earlier folder hides the same ID in a later one."""
    found: dict[str, SerialProfile] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        seen: dict[str, Path] = {}
        for path in sorted(folder.glob("*.toml")):
            if path.name.endswith(".package.toml"):  # a package profile: archiver.package_profiles reads it
                continue
            profile = load(path)
            if profile.identifier in seen:
                other = seen[profile.identifier]
                raise ConfigurationError(
                    f"{path}: the serial ID {profile.identifier!r} is used by {other} too: give each its own."
                )
            seen[profile.identifier] = path
            found.setdefault(profile.identifier, profile)
    return dict(sorted(found.items()))


def parse(text: bytes, origin: str) -> SerialProfile:
    """Read a profile from the bytes of its file; `origin` names the file in messages."""
    return reader(text, origin).profile(text)


def reader(text: bytes, origin: str) -> Reader:
    """The reader of a profile, its TOML parsed. Raises ConfigurationError when it is none."""
    try:
        data = tomllib.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{origin}: a profile must be UTF-8; byte {error.start} is not.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin}: not valid TOML: {error}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{origin}: not a profile: brackets stand too deep in one another.") from error
    return Reader(data, text.decode("utf-8"), origin)


class Reader:
    """Reads typed values out of the parsed TOML and says where a wrong one stands."""

    def __init__(self, data: dict[str, Any], text: str, origin: str) -> None:
        self.data, self.text, self.origin = data, text, origin
        self.place: tuple[str, str, int] = ("", "", 0)  # table, key and index of the last fault

    def wrong(self, table: str, key: str, expected: str, index: int = 0) -> ConfigurationError:
        """What is raised for a key: file, line, and what was expected there."""
        self.place = (table, key, index)
        line = locate(self.text, table, key, index)
        name = f"{table}.{key}" if table else key
        return ConfigurationError(f"{self.origin}:{line}: {name}: expected {expected}.")

    def table(self, name: str) -> dict[str, Any]:
        """A table of the profile, which must be there."""
        value = self.data.get(name)
        if not isinstance(value, dict):
            raise self.wrong("", name, f"a table [{name}]")
        return value

    def known(self, table: str, value: Mapping[str, Any], index: int = 0) -> None:
        """Refuse keys that a table does not have."""
        for key in value:
            if key not in KEYS[table]:
                raise self.wrong(table, key, f"one of the keys {', '.join(KEYS[table])}", index)

    def string(self, table: str, key: str, default: str | None = None, *, among: Iterable[str] = ()) -> str:
        """A text; one of `among`, where that is given."""
        value = self.table(table).get(key, default)
        choices = tuple(among)
        if not isinstance(value, str) or (value == "" and default is None):
            raise self.wrong(table, key, "a text that is not empty")
        if choices and value not in choices:
            raise self.wrong(table, key, f"one of {', '.join(filter(None, choices))}, not {value!r}")
        return value

    def strings(self, table: str, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is absent."""
        value = self.table(table).get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(table, key, "a list of texts")
        return tuple(value)

    def fields(self, key: str) -> tuple[str, ...]:
        """Names of fields of the masthead."""
        names = self.strings("masthead", key)
        for name in names:
            if name not in FIELDS:
                raise self.wrong("masthead", key, f"names of fields ({', '.join(FIELDS)}), not {name!r}")
        return names

    def pattern(
        self, table: str, key: str, *, groups: Iterable[str] = (), default: str | None = None
    ) -> re.Pattern[str]:
        """A pattern with the groups it needs."""
        value = self.string(table, key, default)
        return self.compiled(value, table, key, set(groups))

    def optional(self, table: str, key: str, *, groups: Iterable[str] = ()) -> re.Pattern[str] | None:
        """A pattern that may be absent."""
        return self.pattern(table, key, groups=groups) if key in self.table(table) else None

    def compiled(self, value: str, table: str, key: str, groups: set[str], index: int = 0) -> re.Pattern[str]:
        """A text compiled as a pattern."""
        try:
            pattern = re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.wrong(table, key, f"a regular expression; {value!r} is none ({error})", index) from error
        missing = groups - set(pattern.groupindex)
        if missing:
            raise self.wrong(table, key, f"a pattern with the named group (?P<{min(missing)}>…)", index)
        return pattern

    def profile(self, text: bytes) -> SerialProfile:
        """The profile; the first fault that is found is raised."""
        for table in ("", "serial", "numbering", "masthead", "articles"):
            self.known(table, self.table(table) if table else self.data)
        weekday = self.string("serial", "weekday", "", among=("", *WEEKDAYS))
        return SerialProfile(
            identifier=self.identifier(),
            origin=self.origin,
            text=text,
            title=self.title(),
            parallel_titles=self.parallel_titles(),
            publisher=self.string("serial", "publisher", ""),
            country=self.string("serial", "country", ""),
            genre=self.string("serial", "genre", "newspaper"),
            frequency=self.string("serial", "frequency", "irregular", among=FREQUENCIES),
            weekday=WEEKDAYS.index(weekday) if weekday else None,
            lunar_calendar=self.string("serial", "calendar", "gregorian", among=("gregorian", "chinese")) == "chinese",
            access=self.string("serial", "access", "restricted", among=("restricted", "open")),
            number_restarts=self.string("numbering", "restarts", "never", among=("year", "volume", "never")),
            package_number=PackageNumber(
                self.string("numbering", "package-number", "whole", among=[kind.value for kind in PackageNumber])
            ),
            number_width=self.width(),
            forms=self.forms(),
            required=self.fields("required"),
            expected=self.fields("expected"),
            articles=article_forms(self),
            notes=self.notes(),
            known_names=known_names(self),
            romanised_words=romanised_words(self),
        )

    def identifier(self) -> str:
        """The serial ID."""
        value = self.string("serial", "id")
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            raise self.wrong("serial", "id", f"lower-case letters, digits and single hyphens, not {value!r}")
        return value

    def notes(self) -> tuple[str, ...]:
        """The note for people."""
        value = self.data.get("notes", "")
        if not isinstance(value, str):
            raise self.wrong("", "notes", "a text")
        return (value,) if value else ()

    def codes(self, table: str, entry: Mapping[str, Any], index: int = 0) -> tuple[str, str]:
        """Language and script of a title."""
        language, script = entry.get("language"), entry.get("script", "")
        if not isinstance(language, str) or not re.fullmatch(r"[a-z]{3}", language):
            raise self.wrong(table, "language", f"a three-letter ISO 639-2/B code, not {language!r}", index)
        if not isinstance(script, str) or not re.fullmatch(r"(?:[A-Z][a-z]{3})?", script):
            raise self.wrong(table, "script", f"a four-letter ISO 15924 code such as Hans, not {script!r}", index)
        return language, script

    def title(self) -> Title:
        """The title with its language."""
        language, script = self.codes("serial", self.table("serial"))
        romanised = self.string("serial", "romanised", "")
        return Title(self.string("serial", "title"), language, script, romanised, "profile" if romanised else "")

    def parallel_titles(self) -> tuple[Title, ...]:
        """Titles in other languages."""
        table = "serial.parallel-titles"
        entries = self.table("serial").get("parallel-titles", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong("serial", "parallel-titles", "tables [[serial.parallel-titles]]")
        titles = []
        for index, entry in enumerate(entries):
            self.known(table, entry, index)
            if not isinstance(entry.get("title"), str) or not entry["title"]:
                raise self.wrong(table, "title", "a text that is not empty", index)
            titles.append(Title(entry["title"], *self.codes(table, entry, index)))
        return tuple(titles)

    def width(self) -> int:
        """How many digits the number of a package has."""
        value = self.table("numbering").get("width", 5)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 9:
            raise self.wrong("numbering", "width", "a number of digits from 1 to 9")
        return value

    def forms(self) -> tuple[MastheadForm, ...]:
        """The forms of the masthead."""
        table = "masthead.forms"
        entries = self.table("masthead").get("forms", [])
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong("masthead", "forms", "at least one table [[masthead.forms]]")
        forms = tuple(self.form(table, entry, index) for index, entry in enumerate(entries))
        groups = {name for form in forms for block in form.blocks for name in block.groupindex}
        for name in ("title", *(() if "date" in groups else ("year", "month", "day"))):
            if name not in groups:
                raise self.wrong("masthead", "forms", f"a form with the named group (?P<{name}>…)")
        return forms

    def form(self, table: str, entry: dict[str, Any], index: int) -> MastheadForm:
        """One form of the masthead."""
        self.known(table, entry, index)
        lines = entry.get("lines")
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise self.wrong(table, "lines", "a list of regular expressions, one per printed line", index)
        blocks = tuple(self.compiled(line, table, "lines", set(), index) for line in lines)
        for group in {name for block in blocks for name in block.groupindex}:
            if group not in GROUPS:
                raise self.wrong(table, "lines", f"named groups among {', '.join(GROUPS)}, not {group!r}", index)
        join, exact = entry.get("join", ""), entry.get("exact", False)
        if not isinstance(join, str):
            raise self.wrong(table, "join", "a text", index)
        if not isinstance(exact, bool):
            raise self.wrong(table, "exact", "true or false", index)
        return MastheadForm(blocks, join, exact)


def locate(text: str, table: str, key: str, index: int = 0) -> int:
    """The line (from 1) of `key` in `table` of a TOML text; the table's own line, else 1, when the key is absent.

    `index` counts the tables of an array of tables from 0.
    """
    current, seen, heading = "", -1, 1
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"\s*\[(\[)?([^\]]+)\]", line)
        if header:
            current = header.group(2).strip()
            if current == table:
                seen += 1 if header.group(1) else 0
                if not header.group(1) or seen == index:
                    heading = number
            elif not table and current.split(".")[0] == key:
                return number
            continue
        in_place = current == table and seen in {-1, index}
        if in_place and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return heading
