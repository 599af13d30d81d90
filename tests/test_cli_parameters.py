"""What is typed, made values of: the same values and refusals as typer's own, without the library it loads for that."""

from __future__ import annotations

import enum
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from archiver.cli.parameters import Commands


class Colour(enum.StrEnum):
    RED = "red"
    DEEP_BLUE = "deep blue"


def build(kind: type[typer.Typer]) -> typer.Typer:
    app = kind()

    @app.command("show")
    def show(
        names: Annotated[list[Path], typer.Argument()],
        colour: Annotated[Colour, typer.Option()] = Colour.RED,
        number: Annotated[int, typer.Option("-n", min=1, max=64)] = 2,
        word: Annotated[str | None, typer.Option()] = None,
        many: Annotated[list[str] | None, typer.Option()] = None,
        place: Annotated[Path | None, typer.Option()] = None,
        flag: Annotated[bool, typer.Option("--flag")] = False,
    ) -> None:
        typer.echo(repr((names, colour, number, word, many, place, flag)))

    @app.command("other")
    def other() -> None: ...

    return app


RIGHT = [
    ["a"],
    ["a", "b/c", "--colour", "deep blue", "-n", "64", "--word", "第9期", "--many", "x", "--many", "y", "--flag"],
    ["a", "--place", "there", "-n", "007"],
    ["--", "-a"],
]
WRONG = [
    [],
    ["a", "-n", "0"],
    ["a", "-n", "65"],
    ["a", "-n", "two"],
    ["a", "-n", ""],
    ["a", "--colour", "blue"],
    ["a", "--colour", "RED"],
    ["a", "--unknown"],
    ["a", "--place"],
]


@pytest.mark.parametrize("words", RIGHT)
def test_values_are_those_of_typer(words: list[str]) -> None:
    ours, theirs = (CliRunner().invoke(build(kind), ["show", *words]) for kind in (Commands, typer.Typer))
    assert ours.exit_code == theirs.exit_code == 0, ours.output
    assert ours.output == theirs.output


@pytest.mark.parametrize("words", WRONG)
def test_what_typer_refuses_is_refused(words: list[str]) -> None:
    ours, theirs = (CliRunner().invoke(build(kind), ["show", *words]) for kind in (Commands, typer.Typer))
    assert ours.exit_code == theirs.exit_code == 2
    assert "Error" in ours.output
    assert "Traceback" not in ours.output


def test_no_command_loads_pydantic(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom archiver.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] in {'pydantic', 'rich'}))"
    )
    for words in (["validate", str(tmp_path)], ["register", "list"], ["bag", str(tmp_path)], ["explain", "BAG-001"]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=tmp_path)
        assert done.stdout.splitlines()[-1] == "[]", words
