"""A corrections file read from its bytes: every fault is noted with its line and key, and what is sound is kept."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Any

from archiver.corrections.toml_lines import TomlLines, toml_lines
from archiver.model.corrections import (
    ARTICLE_FIELDS,
    KEYS,
    LARGEST,
    LONGEST,
    MOST,
    SETTABLE,
    TAKES,
    Action,
    Correction,
    CorrectionProblem,
    Corrections,
    CorrectionTrouble,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_MOST_PROBLEMS = 200
_SHA256 = re.compile("[0-9a-fA-F]{64}")
_ARTICLE = re.compile(r"article-\d{1,9}")
# Characters that no XML document may hold: a correction is recorded in PREMIS and MODS.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def read_corrections(content: bytes, path: Path) -> Corrections:
    """Read the bytes of a corrections file. No file raises: what is wrong with it is in `problems`."""
    if len(content) > LARGEST:
        return too_large(path, len(content))
    try:
        text = content.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return _none(path, content, f"it must be UTF-8; byte {error.start} is not")
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError; so is a number of 5,000 digits
        words = str(error) if isinstance(error, ValueError) else "brackets stand too deep in one another"
        return _none(path, content, f"not valid TOML: {words}")
    reader = _Reader(data, toml_lines(text))
    corrections = reader.corrections()
    digest = reader.digest("", data, "transcript-sha256")
    transcripts = reader.transcripts()
    unguarded = _unguarded(corrections, dict(transcripts), digest)
    corrections = tuple(each for each in corrections if each.line not in {problem.line for problem in unguarded})
    problems = sorted([*reader.problems, *unguarded], key=lambda problem: problem.line or 0)[:_MOST_PROBLEMS]
    return Corrections(path, content, corrections, digest, transcripts, tuple(problems))


def too_large(path: Path, size: int) -> Corrections:
    """A file of `size` bytes that is too large to be one of corrections; nothing of it is read."""
    return _none(path, b"", f"{size} bytes; a corrections file may have {LARGEST}")


def _none(path: Path, content: bytes, detail: str) -> Corrections:
    place = re.search(r"at line (\d+)", detail)
    line = int(place[1]) if place else None
    return Corrections(path, content, problems=(CorrectionProblem(CorrectionTrouble.NOT_TOML, detail, line),))


class _Reader:
    """Reads typed values out of the parsed TOML, and notes where a wrong one stands."""

    def __init__(self, data: Mapping[str, Any], places: TomlLines) -> None:
        self.data, self.places = data, places
        self.problems: list[CorrectionProblem] = []
        self.index = 0
        self.who = self.text(data, "who", "").strip()
        self.date = self.day(data, "")

    def note(self, trouble: CorrectionTrouble, table: str, key: str, detail: str) -> None:
        line = self.places.line(table, key, self.index if table == "correction" else 0)
        self.problems.append(CorrectionProblem(trouble, detail, line, key))

    def wrong(self, table: str, key: str, detail: str) -> None:
        self.note(CorrectionTrouble.WRONG_VALUE, table, key, detail)

    def corrections(self) -> tuple[Correction, ...]:
        self.known("", self.data)
        entries = self.data.get("correction", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.wrong("", "correction", "expected tables [[correction]]")
            return ()
        if len(entries) > MOST:
            self.wrong("", "correction", f"{len(entries)} corrections; a file may have {MOST}")
            return ()
        found = []
        for self.index, entry in enumerate(entries):
            before = len(self.problems)
            read = self.correction(entry)
            if read is not None and len(self.problems) == before:
                found.append(read)
        self.index = 0
        return tuple(found)

    def correction(self, entry: Mapping[str, Any]) -> Correction | None:
        self.known("correction", entry)
        action = self.action(entry)
        reason = self.signed(entry, "reason", "why it is corrected")
        who = self.who if self.who and "who" not in entry else self.signed(entry, "who", "who corrects it")
        if action is None:
            return None
        for key in ("field", "value", "lines", "article"):
            if key in entry and key not in TAKES[action]:
                self.wrong("correction", key, f"{key} has no meaning with {action.value}")
        value, names = self.value(entry)
        read = Correction(
            action=action,
            line=self.places.line("correction", "", self.index),
            reason=reason,
            who=who,
            date=self.day(entry, "correction") or self.date,
            issue=self.text(entry, "issue"),
            field=self.field(entry) if action is Action.SET else "",
            value=value,
            names=names,
            lines=self.lines(entry),
            article=self.article(entry),
            text=self.text(entry, "text"),
        )
        self.whole(read, entry)
        return read

    def known(self, table: str, value: Mapping[str, Any]) -> None:
        for key in value:
            if key not in KEYS[table]:
                near = difflib.get_close_matches(key[:60], KEYS[table], n=1)
                guess = f"; did you mean {near[0]}?" if near else ""
                words = f"{key[:60]!r} is none of {', '.join(KEYS[table])}{guess}"
                self.note(CorrectionTrouble.UNKNOWN_KEY, table, key, words)

    def action(self, entry: Mapping[str, Any]) -> Action | None:
        value = entry.get("action")
        try:
            return Action(value)
        except ValueError:
            said = f"not {str(value)[:60]!r}" if "action" in entry else "and the correction names none"
            words = f"an action is one of {', '.join(each.value for each in Action)}, {said}"
            self.note(CorrectionTrouble.UNKNOWN_ACTION, "correction", "action", words)
            return None

    def signed(self, entry: Mapping[str, Any], key: str, words: str) -> str:
        """A text that somebody has to answer with."""
        if isinstance(entry.get(key, ""), str) and not entry.get(key, "").strip():
            self.note(CorrectionTrouble.UNSIGNED, "correction", key, f"{key} is missing: say {words}")
            return ""
        return self.text(entry, key).strip()

    def text(self, entry: Mapping[str, Any], key: str, table: str = "correction") -> str:
        """A text that is not empty, or "" when the key is absent or wrong, which is noted."""
        if key not in entry:
            return ""
        value = entry[key]
        if not isinstance(value, str) or not value.strip():
            self.wrong(table, key, f"expected a text that is not empty, found {_shown(value)}")
            return ""
        return value if self.sound(value, key, table) else ""

    def sound(self, value: str, key: str, table: str) -> bool:
        if len(value) > LONGEST:
            self.wrong(table, key, f"{len(value)} characters; a text here may have {LONGEST}")
        elif _NOT_XML.search(value):
            self.wrong(table, key, "it has a control character, which cannot be recorded")
        else:
            return True
        return False

    def value(self, entry: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
        """The value as a text, and as a list of texts; numbers and dates may be written without quotation marks."""
        value = entry.get("value")
        if value is None:
            return "", ()
        if isinstance(value, list):
            names = tuple(name.strip() for name in value if isinstance(name, str))
            if len(names) == len(value) and all(names) and all(self.sound(n, "value", "correction") for n in names):
                if entry.get("field") == "byline-names":
                    return ", ".join(names), names
                self.wrong("correction", "value", "only byline-names takes a list")
            else:
                self.wrong("correction", "value", "expected a list of texts that are not empty")
            return "", ()
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
            return str(value), ()
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat(), ()
        text = self.text(entry, "value").strip()
        if "\n" in text:
            self.wrong("correction", "value", "expected a text of one line")
        return text, (text,) if text else ()

    def day(self, entry: Mapping[str, Any], table: str) -> str:
        value = entry.get("date", "")
        if isinstance(value, str):
            try:
                return datetime.date.fromisoformat(value).isoformat() if value or "date" in entry else ""
            except ValueError:
                pass
        elif isinstance(value, datetime.date):
            return (value.date() if isinstance(value, datetime.datetime) else value).isoformat()
        self.wrong(table, "date", f"expected the day of the correction, such as 2026-02-03, found {_shown(value)}")
        return ""

    def field(self, entry: Mapping[str, Any]) -> str:
        value = entry.get("field", "")
        if value in SETTABLE:
            return str(value)
        near = difflib.get_close_matches(str(value)[:60], SETTABLE, n=1)
        guess = f"; did you mean {near[0]}?" if near else f": {', '.join(SETTABLE)}"
        self.wrong("correction", "field", f"{_shown(value)} is no field that can be set{guess}")
        return ""

    def lines(self, entry: Mapping[str, Any]) -> tuple[int, ...]:
        if "lines" not in entry:
            return ()
        value = entry["lines"]
        numbers = value if isinstance(value, list) else [value]
        sound = all(isinstance(n, int) and not isinstance(n, bool) and 0 < n < 10**9 for n in numbers)
        if not sound or len(numbers) not in {1, 2} or sorted(set(numbers)) != numbers:
            self.wrong("correction", "lines", "expected one number of a line, or two, the first before the second")
            return ()
        return tuple(numbers)

    def article(self, entry: Mapping[str, Any]) -> str:
        value = self.text(entry, "article")
        if value and not _ARTICLE.fullmatch(value):
            self.wrong("correction", "article", f"expected an article such as article-003, found {_shown(value)}")
        return value

    def whole(self, read: Correction, entry: Mapping[str, Any]) -> None:
        """Whether a correction says what its action needs: a place, a field, a value."""
        if read.action is Action.SET and "value" not in entry:
            self.wrong("correction", "value", "set needs a value")
        placed = read.field in ARTICLE_FIELDS
        if read.action is Action.SET and read.field and placed != bool({"lines", "article"} & entry.keys()):
            needs = (
                "needs its article, or lines" if placed else "is of the masthead: it takes neither article nor lines"
            )
            self.wrong("correction", "field", f"{read.field} {needs}")
        if read.action is not Action.SET and not {"lines", "article"} & entry.keys():
            self.wrong("correction", "lines", f"{read.action.value} needs the lines")
        if read.action is Action.JOIN and "lines" in entry and ("article" in entry or len(read.lines) == 1):
            words = "two lines, the last before the seam and the first after it, or an article"
            self.wrong("correction", "lines", f"join needs {words}")
        if read.action is Action.JOIN and read.value and not (read.article and _ARTICLE.fullmatch(read.value)):
            self.wrong("correction", "value", "the value of join is the article that is continued, such as article-002")
        if read.action is Action.SPLIT and (len(read.lines) == 2 or "lines" not in entry):
            self.wrong("correction", "lines", "split needs one line: the first of the new part")
        if read.action is Action.SPLIT and read.value and not read.article:
            self.wrong("correction", "value", "a headline is the value of the split of an article: name the article")

    def digest(self, table: str, entry: Mapping[str, Any], key: str) -> str:
        value = entry.get(key, "")
        if key in entry and not (isinstance(value, str) and _SHA256.fullmatch(value)):
            self.wrong(table, key, "expected a SHA-256 of 64 hexadecimal digits, as sha256sum prints it")
            return ""
        return str(value).lower()

    def transcripts(self) -> tuple[tuple[str, str], ...]:
        table = self.data.get("transcripts", {})
        if not isinstance(table, dict):
            self.wrong("", "transcripts", "expected a table [transcripts]")
            return ()
        return tuple((name, self.digest("transcripts", table, name)) for name in table)


def _unguarded(corrections: Iterable[Correction], digests: Mapping[str, str], digest: str) -> list[CorrectionProblem]:
    """A problem for each correction that neither words nor a digest tie to its text; of the masthead, none need."""
    return [
        CorrectionProblem(
            CorrectionTrouble.UNGUARDED,
            f"{each.action.value}: neither text nor transcript-sha256 says which words stand there",
            each.line,
            "text",
        )
        for each in corrections
        if (each.lines or each.article) and not each.text and not digest and not digests.get(each.issue)
    ]


def _shown(value: object) -> str:
    words = repr(value)
    return words if len(words) <= 60 else words[:57] + "…'"
