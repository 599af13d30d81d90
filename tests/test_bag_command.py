"""`archiver bag FOLDER` is `archiver bag make FOLDER`, wherever the options stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from archiver.cli.app import app


@pytest.mark.parametrize(
    "arguments",
    [
        ["bag", "{source}", "-o", "{bag}"],
        ["bag", "-o", "{bag}", "{source}"],
        ["bag", "make", "{source}", "-o", "{bag}"],
        ["bag", "--algorithm", "sha256", "{source}", "-o", "{bag}"],
    ],
)
def test_make_need_not_be_named(arguments: list[str], tmp_path: Path) -> None:
    source, bag = tmp_path / "source", tmp_path / "bag"
    source.mkdir()
    (source / "a").write_text("one\n")
    words = [argument.format(source=source, bag=bag) for argument in arguments]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert (bag / "data" / "a").read_text() == "one\n"


def test_a_folder_that_is_called_like_a_command_goes_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "make").mkdir()
    (tmp_path / "make" / "a").write_text("one\n")
    assert CliRunner().invoke(app, ["bag", "./make", "-o", "bag"]).exit_code == 0
    assert (tmp_path / "bag" / "data" / "a").exists()


def test_help_lists_the_commands() -> None:
    result = CliRunner().invoke(app, ["bag", "--help"])
    assert result.exit_code == 0
    assert "make" in result.output
