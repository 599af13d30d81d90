"""accession.toml: what was agreed when a deposit came in. Written once; TOML, commented, closed by its own sha256."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.model.provenance import Accession, Organisation
from archiver.model.register import AccessionFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = "archiver.accession/1"
LIMIT = 1024 * 1024  # bytes
_CLOSING = "# sha256 "
_HEADING = """\
# An accession record. This file is written once, when the accession is begun, and not changed afterwards;
# what happened since is in events.jsonl beside it. Both can be read without any program made for them.
"""
_REMARKS = {
    "format": "How to read this file: docs/register.md of archiver.",
    "number": "The number of this accession, also the name of this folder.",
    "begun": "When it was begun, with the offset from UTC.",
    "source": "Where the deposit lay, as it was named.",
    "source_bytes": "The same as bytes in hexadecimal, where the name is not UTF-8.",
    "fingerprint": "A digest that stands for the deposit: the same deposit is recognised by it.",
    "depositor": "Who deposited it.",
    "agreement": "The agreement it came under.",
    "rights": "The rights that are claimed or known.",
    "access": "Who may see it.",
    "terms": "Further terms of the deposit.",
    "operator": "Who did the work.",
}
_CLOSING_REMARK = "# The sha256 of everything above the last line (in a shell: sed '$d' accession.toml | sha256sum):\n"
_TEXTS = ("depositor", "agreement", "rights", "access", "terms", "operator")
_ORGANISATION = ("name", "code", "address", "contact_name", "contact_email", "contact_phone")
_REQUIRED = ("format", "number", "begun", "source", "fingerprint")
# Control characters, line separators and bidi overrides are written as escapes, so that the file is safe to look at.
_ESCAPED = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SURROGATE = re.compile("[\\ud800-\\udfff]")


def toml_string(text: str) -> str:
    """`text` as a TOML basic string; raises UsageError for what is no Unicode text (undecoded bytes)."""
    if _SURROGATE.search(text):
        raise UsageError(f"{text!r} holds bytes that are no text, and cannot be written to an accession record")
    return '"' + _ESCAPED.sub(lambda match: _SHORT.get(match.group(), f"\\u{ord(match.group()):04x}"), text) + '"'


def render(accession: Accession, fingerprint: str) -> bytes:
    """The bytes of accession.toml. Raises UsageError when a value is no text or `begun` has no whole-minute offset."""
    offset = accession.begun.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        raise UsageError(f"the time {accession.begun.isoformat()} has no offset from UTC in whole minutes")
    values = {"format": toml_string(FORMAT), "number": toml_string(accession.number)}
    values["begun"] = accession.begun.isoformat()
    values["source"] = toml_string(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", accession.source))
    if _SURROGATE.search(accession.source):
        values["source_bytes"] = toml_string(accession.source.encode("utf-8", "surrogateescape").hex())
    values["fingerprint"] = toml_string(fingerprint)
    values |= {name: toml_string(getattr(accession, name)) for name in _TEXTS}
    lines = [_HEADING, *(f"\n# {_REMARKS[name]}\n{name} = {value}\n" for name, value in values.items())]
    lines.append("\n# The archive that holds it.\n[organisation]\n")
    lines.extend(f"{name} = {toml_string(getattr(accession.organisation, name))}\n" for name in _ORGANISATION)
    lines.append("\n" + _CLOSING_REMARK)
    above = "".join(lines).encode()
    return above + f"{_CLOSING}{hashlib.sha256(above).hexdigest()}\n".encode()


@lru_cache(maxsize=64)  # each event that is recorded asks again what its accession.toml says
def read(content: bytes) -> AccessionFacts:
    """What the bytes of an accession.toml say, with every problem found; raises nothing for what is wrong in them."""
    closing, computed = _closing(content)
    digest = hashlib.sha256(content).hexdigest()
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return AccessionFacts(digest, None, "", (f"byte {error.start} is not UTF-8",), closing, computed)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        return AccessionFacts(digest, None, "", (f"it is not TOML: {error}",), closing, computed)
    problems = tuple(_problems(table))
    if problems:
        return AccessionFacts(digest, None, _text(table, "fingerprint"), problems, closing, computed)
    return AccessionFacts(digest, _accession(table), table["fingerprint"], (), closing, computed)


def is_whole(content: bytes) -> bool:
    """Whether the bytes are, but for the last line, what that line says they are."""
    stated, computed = _closing(content)
    return stated == computed


def _closing(content: bytes) -> tuple[str, str]:
    """The sha256 the last line states ("" when it states none), and that of everything above it."""
    above, newline, last = content[:-1].rpartition(b"\n")
    above += newline
    prefix = _CLOSING.encode()
    whole = content.endswith(b"\n") and last.startswith(prefix)
    stated = last[len(prefix) :].decode("ascii", "replace") if whole else ""
    return stated, hashlib.sha256(above).hexdigest()


def _problems(table: Mapping[str, Any]) -> list[str]:
    found = [f"it does not state {name}" for name in _REQUIRED if name not in table]
    known = table.get("format", FORMAT)
    if known != FORMAT:
        found.append(f"its format is {known!r}, and this archiver reads {FORMAT}: use the archiver that wrote it")
    texts = [name for name in (*_REQUIRED, *_TEXTS, "source_bytes") if name not in {"begun", "format"}]
    found += [f"{name} must be text" for name in texts if not isinstance(table.get(name, ""), str)]
    begun = table.get("begun")
    if begun is not None and (not isinstance(begun, datetime) or begun.utcoffset() is None):
        found.append("begun must be a date and time with its offset from UTC")
    organisation = table.get("organisation", {})
    if not isinstance(organisation, dict):
        return [*found, "organisation must be a table"]
    wrong = [name for name in _ORGANISATION if not isinstance(organisation.get(name, ""), str)]
    found += [f"organisation.{name} must be text" for name in wrong]
    if not found and not re.fullmatch(r"([0-9a-f]{2})*", table.get("source_bytes", "")):
        found.append("source_bytes must be bytes in hexadecimal")
    return found


def _accession(table: Mapping[str, Any]) -> Accession:
    source = table["source"]
    if "source_bytes" in table:
        source = bytes.fromhex(table["source_bytes"]).decode("utf-8", "surrogateescape")
    organisation = table.get("organisation", {})
    texts = {name: table[name] for name in _TEXTS if name in table}
    return Accession(
        number=table["number"],
        source=source,
        begun=table["begun"],
        organisation=Organisation(**{"name": "", **{name: organisation.get(name, "") for name in _ORGANISATION}}),
        **texts,
    )


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name, "")
    return value if isinstance(value, str) else ""
