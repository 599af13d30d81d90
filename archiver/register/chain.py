"""events.jsonl: one event a line, each with the sha256 of the line before. Lines are written once and never changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.model.register import LineFacts, RecordedEvent

if TYPE_CHECKING:
    from archiver.model.provenance import Event

LIMIT = 256 * 1024 * 1024  # bytes of one events.jsonl
LINE_LIMIT = 4 * 1024 * 1024  # bytes of one event
_MEMBERS: Mapping[str, type] = {
    "agents": list,
    "at": str,
    "data": dict,
    "detail": str,
    "digest": str,
    "note": str,
    "outcome": str,
    "outcomes": list,
    "previous": str,
    "sequence": int,
    "sources": list,
    "type": str,
}
# JSON escapes control characters itself; these would still disturb a terminal or cannot be UTF-8 (lone surrogates).
_ESCAPED = re.compile("[\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]")


def canonical(members: Mapping[str, Any]) -> bytes:
    """The one way to write a JSON object here: keys sorted, no spaces, UTF-8, LF at the end.

    Raises UsageError when a value is not JSON, or a number is not finite.
    """
    try:
        text = json.dumps(members, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the data of an event cannot be written as JSON: {error}") from error
    return (_ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n").encode()


def render(event: Event, data: Mapping[str, Any], *, sequence: int, previous: str) -> bytes:
    """The line of an event. Raises UsageError when `at` has no offset from UTC, or `data` is no JSON or too large."""
    if event.at.utcoffset() is None:
        raise UsageError(f"the event time {event.at.isoformat()} has no offset from UTC")
    members: dict[str, Any] = {
        "agents": list(event.agents),
        "at": event.at.isoformat(),
        "data": _plain(data),
        "detail": event.detail,
        "note": event.note,
        "outcome": event.outcome.value,
        "outcomes": list(event.outcomes),
        "previous": previous,
        "sequence": sequence,
        "sources": list(event.sources),
        "type": event.type.value,
    }
    line = canonical({**members, "digest": hashlib.sha256(canonical(members)).hexdigest()})
    if len(line) > LINE_LIMIT:
        raise UsageError(f"an event of {len(line)} bytes is larger than the limit of {LINE_LIMIT} bytes")
    # What was given and what will be read back must be one: keys that are no text would come back as text.
    if json.loads(line)["data"] != members["data"]:
        raise UsageError("the data of an event must hold text, whole numbers, true, false, null, lists and tables only")
    return line


def split(content: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The whole lines of an events.jsonl, each with its LF, and the torn bytes after the last LF (b"" if none)."""
    end = content.rfind(b"\n") + 1
    lines = tuple(line + b"\n" for line in content[:end].split(b"\n")[:-1]) if end else ()
    return lines, content[end:]


def read_lines(lines: Sequence[bytes]) -> tuple[LineFacts, ...]:
    """What every line holds: an event, or why there is none."""
    return tuple(read_line(line, number) for number, line in enumerate(lines, start=1))


def read_line(line: bytes, number: int) -> LineFacts:
    """What one line (with its LF) holds; raises nothing for what is wrong in it."""
    digest = hashlib.sha256(line).hexdigest()
    try:
        members = json.loads(line.decode("utf-8"))
        problem = _problem(members, line)
    except UnicodeDecodeError as error:
        return LineFacts(number, digest, None, f"byte {error.start} of the line is not UTF-8")
    except (ValueError, RecursionError, UsageError) as error:
        return LineFacts(number, digest, None, f"the line is not a JSON object: {error}")
    if problem:
        return LineFacts(number, digest, None, problem)
    rest = {name: value for name, value in members.items() if name != "digest"}
    return LineFacts(number, digest, _event(members), "", hashlib.sha256(canonical(rest)).hexdigest())


def hides_event(torn: bytes) -> bool:
    """Whether bytes after the last LF are a whole event followed by one byte that should be LF: damage, not a tear.

    A NUL there is a tear: some file systems fill what a power cut kept them from writing.
    """
    if not torn or torn.endswith(b"\0"):
        return False
    facts = read_line(torn[:-1] + b"\n", 1)
    return facts.event is not None and facts.event.digest == facts.event_digest


def _plain(value: Any) -> Any:
    """Tuples as lists and mappings as tables, as JSON will give them back."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _problem(members: Any, line: bytes) -> str:
    if not isinstance(members, dict):
        return "the line is not a JSON object"
    for name, kind in _MEMBERS.items():
        if not isinstance(members.get(name), kind) or isinstance(members.get(name), bool):
            return f"the event does not state {name} as it must"
    for name in ("agents", "outcomes", "sources"):
        if not all(isinstance(item, str) for item in members[name]):
            return f"the event does not state {name} as it must"
    try:
        has_offset = datetime.fromisoformat(members["at"]).utcoffset() is not None
    except ValueError:
        has_offset = False
    if not has_offset:
        return f"the event states its time as {members['at']!r}, which is no date and time with an offset from UTC"
    if canonical(members) != line:
        return "the line is not written as archiver writes it (members sorted, no spaces, each once)"
    return ""


def _event(members: Mapping[str, Any]) -> RecordedEvent:
    return RecordedEvent(
        sequence=members["sequence"],
        previous=members["previous"],
        digest=members["digest"],
        type=members["type"],
        at=datetime.fromisoformat(members["at"]),
        outcome=members["outcome"],
        detail=members["detail"],
        note=members["note"],
        sources=tuple(members["sources"]),
        outcomes=tuple(members["outcomes"]),
        agents=tuple(members["agents"]),
        data=members["data"],
    )
