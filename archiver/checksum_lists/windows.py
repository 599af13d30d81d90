"""Output of Windows' own programs: Get-FileHash as a table or as a list, certutil -hashfile."""

from __future__ import annotations

import re

from archiver.checksum_lists.algorithms import Named, Taken, named
from archiver.checksum_lists.entries import Kept
from archiver.model.checksum_list import ListTrouble

TABLE_HEAD = re.compile(r"(?m)^Algorithm[ \t]+Hash(?:[ \t]+Path)?[ \t]*\r?$")
LIST_HEAD = re.compile(r"(?m)^Algorithm[ \t]*: [A-Za-z0-9]+[ \t]*\r?\nHash[ \t]*: ")
# English; Chinese of Windows 10 and 11; Chinese of Windows 7. The older English form has "file" before the name.
CERTUTIL_HEAD = re.compile(
    r"(?mi)^(?P<one>[A-Z0-9]+) hash of (?:file )?(?P<a>.+):[ \t]*\r?$"
    r"|^(?P<two>[A-Z0-9]+) 的 (?P<b>.+) 哈希:[ \t]*\r?$"
    r"|^(?P<three>[A-Z0-9]+) 哈希\(文件 (?P<c>.+)\):[ \t]*\r?$"
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_ROW = re.compile(r"([A-Za-z0-9]+)[ \t]+([0-9A-Fa-f]+(?:\.\.\.|…)?)(?:[ \t]+(\S.*))?")
_FIELD = re.compile(r"([A-Z][A-Za-z]*)[ \t]*: ?(.*)")
_SPACED_HEX = re.compile(r"[0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2})+")


def read_file_hash(text: str, kept: Kept) -> None:
    """Read Get-FileHash as it was redirected to a file; a table that was cut to the width of a window says so."""
    if LIST_HEAD.search(text):
        _read_list(text, kept)
    else:
        _read_table(text, kept)


def _read_table(text: str, kept: Kept) -> None:
    for number, line in enumerate(_LINE_END.split(text), 1):
        words = line.strip()
        if not words or TABLE_HEAD.fullmatch(words) or re.fullmatch(r"[- \t]+", words):
            continue
        match = _ROW.fullmatch(words)
        if match is None or named(match[1]) is None:
            kept.problem(ListTrouble.NOT_UNDERSTOOD, number, words)
        else:
            _state(kept, number, match[1], match[2], match[3] or "")


def _read_list(text: str, kept: Kept) -> None:
    fields: dict[str, str] = {}
    last, begun = "", 0
    for number, line in enumerate([*_LINE_END.split(text), ""], 1):
        match = _FIELD.fullmatch(line)
        if match and match[1] == "Algorithm" and "Algorithm" in fields:  # no empty line between two files
            _record(kept, begun, fields)
            fields = {}
        if match and match[1] in {"Algorithm", "Hash", "Path"}:
            last = match[1]
            begun = begun if fields else number
            fields[last] = match[2].strip()
        elif last and line.startswith("   ") and line.strip():  # a value that the width of the window broke
            fields[last] += line.strip()
        elif not line.strip():
            if fields:
                _record(kept, begun, fields)
            fields, last = {}, ""
        else:
            kept.problem(ListTrouble.NOT_UNDERSTOOD, number, line)


def _record(kept: Kept, line: int, fields: dict[str, str]) -> None:
    _state(kept, line, fields.get("Algorithm", ""), fields.get("Hash", ""), fields.get("Path", ""))


def _state(kept: Kept, line: int, algorithm: str, digest: str, path: str) -> None:
    if not path or path.endswith(("...", "…")) or not _HEX.fullmatch(digest):
        kept.problem(ListTrouble.CUT_OFF, line, f"{algorithm} {digest} {path}".strip())
        return
    kept.state(path, line, [(digest, Taken(named(algorithm) or Named(algorithm)))])


def read_certutil(text: str, kept: Kept) -> None:
    """Read certutil -hashfile, once or many times; Windows 7 puts spaces between the bytes of a digest."""
    algorithm, path, begun = "", "", 0
    for number, line in enumerate(_LINE_END.split(text), 1):
        head = CERTUTIL_HEAD.fullmatch(line.rstrip())
        if head:
            algorithm = head["one"] or head["two"] or head["three"]
            path, begun = head["a"] or head["b"] or head["c"], number
        elif path and _SPACED_HEX.fullmatch(line.strip()):
            _state(kept, begun, algorithm, line.strip().replace(" ", ""), path)
            path = ""
        elif line.strip() and not line.startswith("CertUtil:"):
            kept.problem(ListTrouble.NOT_UNDERSTOOD, number, line)
