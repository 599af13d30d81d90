"""The examples of the library's documentation run as they stand."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from bags import BagBuilder

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"(?:^    [^\n]*\n(?:\n(?=    ))?)+", re.MULTILINE)


def examples(page: str, heading: str) -> list[str]:
    """The indented blocks of one section of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [textwrap.dedent(block) for block in BLOCK.findall(section)]


def test_the_library_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    BagBuilder().build(tmp_path / "packages" / "some-bag")
    (tmp_path / "deposit").mkdir()
    (tmp_path / "deposit" / "a.txt").write_text("one\n")
    monkeypatch.chdir(tmp_path)
    blocks = examples("bagit.md", "As a library")
    assert len(blocks) >= 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/bagit.md", "exec"), names)
    assert (tmp_path / "packages" / "new-bag" / "data" / "a.txt").read_text() == "one\n"
