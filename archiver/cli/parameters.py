"""What is typed on the command line, made values of, for the few types that our options have.

Since 0.29 typer imports pydantic for this, which takes longer than the rest of the program needs to start. Where its
parameters have no such hook, or an option is of another type, typer does the work itself, as ever.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

Function = TypeVar("Function", bound=Callable[..., Any])
_SIMPLE = (str, int, bool, Path)


class Command(TyperCommand):
    """A command whose parameters are read by this module."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each of a type known here with its reader."""
        return _with_readers(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands whose own parameters are read by this module."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, each of a type known here with its reader."""
        return _with_readers(super().get_params(ctx))


def _with_readers(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        descriptor = getattr(parameter, "type_descriptor", None)
        if descriptor is None or getattr(parameter, "_runtime_param", parameter) is not None:
            continue
        one, many = _parts(descriptor.annotation)
        if one is not None and descriptor.parameter_info.parser is None:
            parameter._runtime_param = _Reader(one, many, descriptor.parameter_info)  # noqa: SLF001  there is no other way
    return parameters


class _Reader:
    """Makes values of one type from what was typed."""

    def __init__(self, kind: type, many: bool, limits: Any) -> None:
        self._kind, self._many, self._limits = kind, many, limits

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value, or all of them; None when nothing was typed. Raises typer.BadParameter."""
        if self._many:
            return [self._one(part, param, ctx) for part in value or ()] if value is not None else ()
        return None if value is None else self._one(value, param, ctx)

    def _one(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, self._kind):
            return value
        try:
            made = self._kind(value)
        except ValueError as error:
            raise typer.BadParameter(f"{value!r} is not {self._expected()}.", ctx=ctx, param=param) from error
        low, high = getattr(self._limits, "min", None), getattr(self._limits, "max", None)
        if self._kind is int and ((low is not None and made < low) or (high is not None and made > high)):
            raise typer.BadParameter(f"{made} is not in the range {low} to {high}.", ctx=ctx, param=param)
        return made

    def _expected(self) -> str:
        if issubclass(self._kind, enum.Enum):
            return "one of " + ", ".join(repr(member.value) for member in self._kind)
        return "a valid integer" if self._kind is int else f"a valid {self._kind.__name__.lower()}"


def _parts(annotation: Any) -> tuple[type | None, bool]:
    """The type of one value, None when it is none of ours, and whether there may be many."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        rest = [part for part in parts if part is not type(None)]
        return _parts(rest[0]) if len(rest) == 1 else (None, False)
    if origin is list:
        return _parts(parts[0])[0], True
    known = annotation in _SIMPLE or (isinstance(annotation, type) and issubclass(annotation, enum.StrEnum))
    return (annotation, False) if known else (None, False)


class Commands(typer.Typer):
    """A group of commands of this kind."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": Group, **settings})

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Add a command, as typer does."""
        return super().command(name, **{"cls": Command, **settings})
