"""JSON (RFC 8259) without its traps: a key that stands twice, NaN, endless numbers and half characters are faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from archiver.errors import ConfigurationError

DEEPEST = 32  # values within values; a profile needs four
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written: nothing here calculates."""

    written: str


@dataclass(slots=True)
class Members:
    """An object: its members in order, and the keys that stand in it twice."""

    items: dict[str, object]
    repeated: tuple[str, ...] = field(default=())


def parse_json(content: bytes, origin: str) -> tuple[object, bool]:
    """The value of a JSON text, and whether a byte order mark stood before it.

    Objects become `Members`, numbers `Number`. Raises ConfigurationError with line and column for what is no JSON, for
    other encodings than UTF-8, and for values too deep in one another.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{origin}: a BagIt profile must be UTF-8; byte {error.start} is not.") from error
    marked = text.startswith(_BYTE_ORDER_MARK)
    try:
        value = json.loads(
            text.removeprefix(_BYTE_ORDER_MARK),
            object_pairs_hook=_members,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        words = f"{origin}:{error.lineno}:{error.colno}: not valid JSON: {error.msg[0].lower()}{error.msg[1:]}."
        raise ConfigurationError(words) from error
    except _NoNumber as error:
        raise ConfigurationError(f"{origin}: not valid JSON: {error} is no number of JSON.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{origin}: not a profile: brackets stand too deep in one another.") from error
    if _is_deeper(value, DEEPEST):
        raise ConfigurationError(f"{origin}: not a profile: values stand more than {DEEPEST} deep in one another.")
    return value, marked


def pointer(*keys: str | int) -> str:
    """A JSON Pointer (RFC 6901); the whole document is called "the profile"."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys) or "the profile"


def flaws(value: object, *keys: str | int) -> Iterator[tuple[str, str]]:
    """Place and words of keys that stand twice and of text that is no Unicode, anywhere in a value."""
    if isinstance(value, str) and not _is_unicode(value):
        yield pointer(*keys), "expected text, found half of a character (a lone surrogate)"
    elif isinstance(value, Members):
        for key in value.repeated:
            yield pointer(*keys, key), "the key stands there more than once"
        for key, item in value.items.items():
            if not _is_unicode(key):
                yield pointer(*keys), "a key has half of a character (a lone surrogate)"
            yield from flaws(item, *keys, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flaws(item, *keys, index)


def kind(value: object) -> str:
    """A value as a sentence names it."""
    if isinstance(value, Members):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, Number):
        return f"the number {_short(value.written)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else f"the text {_short(json.dumps(value))}"


class _NoNumber(Exception):
    """NaN or Infinity: Python writes them, JSON has none."""


def _no_number(written: str) -> NoReturn:
    raise _NoNumber(written)


def _members(pairs: list[tuple[str, object]]) -> Members:
    items: dict[str, object] = {}
    repeated: dict[str, None] = {}
    for key, value in pairs:
        if key in items:
            repeated[key] = None
        items.setdefault(key, value)
    return Members(items, tuple(repeated))


def _is_deeper(value: object, left: int) -> bool:
    if left < 0:
        return True
    inner = value.items.values() if isinstance(value, Members) else value if isinstance(value, list) else ()
    return any(_is_deeper(item, left - 1) for item in inner)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}…"
