"""Names inside packages: portable, distinct, decided by the names alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.model.portable import is_portable, portable_names

PART = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="/\0"), min_size=1, max_size=20).filter(
    lambda part: part not in {".", ".."}
)


@pytest.mark.parametrize("part", ["a.txt", "000_41355c843bb9a2f5.txt", "A-1", "x" * 100])
def test_portable_parts_stay(part: str) -> None:
    assert is_portable(part)
    assert portable_names([part]) == [part]


@pytest.mark.parametrize(
    "part",
    [
        "上街时报.txt",
        "a b.txt",
        "con",
        "NUL.txt",
        "a:b",
        "trailing.",
        ".hidden",
        "-rf",
        "=cmd",
        "a\nb",
        "a%0Ab",
        "x" * 101,
    ],
)
def test_other_parts_are_renamed(part: str) -> None:
    (renamed,) = portable_names([part])
    assert renamed != part
    assert is_portable(renamed)


def test_a_name_is_its_number_in_its_folder() -> None:
    names = ["issue/0002.txt", "issue/一版.txt", "issue/二版.txt"]
    assert portable_names(names) == ["issue/0002.txt", "issue/00002.txt", "issue/0003.txt"]


@given(st.lists(st.lists(PART, min_size=1, max_size=3).map("/".join), unique_by=str.casefold, max_size=8))
def test_results_are_portable_and_distinct(names: list[str]) -> None:
    folders = {"/".join(name.split("/")[:depth]) for name in names for depth in range(1, name.count("/") + 1)}
    files = [name for name in names if name not in folders]
    renamed = portable_names(files)
    assert all(is_portable(part) for name in renamed for part in name.split("/"))
    assert len(set(renamed)) == len(files)
    assert portable_names(list(reversed(files))) == list(reversed(renamed))
