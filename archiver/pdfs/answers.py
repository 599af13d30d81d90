"""What the process that reads a PDF answers: values of the model as JSON, and back with every type looked at.

A value of a dataclass is the list of its fields; defaults at the end are left out. The process has read hostile bytes,
so that what it says is believed no more than they are: anything of another type than the model has is refused.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import types
import typing
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Hashable

Model = TypeVar("Model")
LONGEST = 1_000_000  # characters of one string


class Nonsense(Exception):
    """An answer that is not of the form it should have."""


def pack(value: Any) -> Any:
    """A value of the model as what JSON can hold."""
    if isinstance(value, enum.Enum):
        return value.name
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        held = [getattr(value, field.name) for field in fields]
        while held and held[-1] == fields[len(held) - 1].default:
            held.pop()
        return [pack(item) for item in held]
    if isinstance(value, tuple):
        return [pack(item) for item in value]
    return value


def unpack(model: type[Model], value: Any) -> Model:
    """A value of a dataclass of the model. Raises Nonsense."""
    fields = _fields(cast("Any", model))
    if not isinstance(value, list) or len(value) > len(fields):
        raise Nonsense(f"{model.__name__} is no list of {len(fields)}")
    held = [_taken(kind, item) for (_name, kind), item in zip(fields, value, strict=False)]
    try:
        return model(*held)
    except TypeError as error:
        raise Nonsense(str(error)) from error


@cache
def _fields(model: Hashable) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(model)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(cast("Any", model)))


def _taken(kind: Any, value: Any) -> Any:
    """A value of a type that the model has. Raises Nonsense."""
    if kind is str:
        return _text(value)
    if kind is float:
        return _number(value)
    if kind is int or kind is bool:
        if type(value) is not kind or (kind is int and abs(value) > 1 << 62):
            raise Nonsense(f"{str(value)[:40]} is no {kind.__name__}")
        return value
    if isinstance(kind, types.UnionType):
        if value is None:
            return None
        return _taken(typing.get_args(kind)[0], value)
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind), value)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        if not isinstance(value, str) or value not in kind.__members__:
            raise Nonsense(f"{str(value)[:40]} is no {kind.__name__}")
        return kind[value]
    return unpack(kind, value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise Nonsense("a list is missing")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_taken(kinds[0], item) for item in value)
    if len(kinds) != len(value):
        raise Nonsense(f"{len(value)} values, not {len(kinds)}")
    return tuple(_taken(kind, item) for kind, item in zip(kinds, value, strict=True))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Nonsense("a text is missing or too long")
    return value.encode("utf-8", "replace").decode("utf-8")  # no half of a surrogate pair


def _number(value: Any) -> float:
    if type(value) not in {int, float} or not math.isfinite(value):
        raise Nonsense(f"{str(value)[:40]} is no number")
    return float(value)
