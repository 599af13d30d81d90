"""Corrections files: found beside a deposit, read with every fault and its line, and kept away from the wrong text."""

from __future__ import annotations

import datetime
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.corrections.places import find, load
from archiver.corrections.reading import read_corrections
from archiver.corrections.toml_lines import toml_lines
from archiver.errors import ConfigurationError, UnreadableInput
from archiver.model.corrections import KEYS, LARGEST, SETTABLE, TAKES, Action, Corrections, CorrectionTrouble

OWN = Path("letter.corrections.toml")
SOUND = """\
who = "Ida Marsh"
date = 2026-02-03

[[correction]]
action = "set"
field = "issue-date"
value = 2019-05-04
reason = "the page has 4 May"

[[correction]]
action = "join"
lines = [13, 15]
text = "the pier was|left"
reason = "one sentence"
who = "Tom Reed"
date = "2026-03-01"
"""


def read(text: str) -> Corrections:
    return read_corrections(text.encode(), OWN)


def faults(text: str) -> list[tuple[CorrectionTrouble, int | None, str]]:
    return [(each.trouble, each.line, each.key) for each in read(text).problems]


def one(lines: str, head: str = 'who = "I"') -> str:
    return f'{head}\n\n[[correction]]\nreason = "r"\n{lines}\n'


def test_a_sound_file() -> None:
    found = read(SOUND)
    assert found.problems == ()
    first, second = found.corrections
    assert (first.action, first.line, first.field, first.value) == (Action.SET, 4, "issue-date", "2019-05-04")
    assert (first.who, first.date) == ("Ida Marsh", "2026-02-03")
    assert (second.action, second.lines, second.who, second.date) == (Action.JOIN, (13, 15), "Tom Reed", "2026-03-01")
    assert found.content == SOUND.encode()
    assert not found.is_shared
    assert read_corrections(b"", Path("incoming/corrections.toml")).is_shared


@pytest.mark.parametrize(
    ("text", "trouble", "line", "key"),
    [
        (one('action = "set"\nfield = "price"\nvalue = "40p"\nreson = "x"'), "UNKNOWN_KEY", 8, "reson"),
        ('whom = "I"\n', "UNKNOWN_KEY", 1, "whom"),
        (one('action = "delete"\nlines = 4\ntext = "x"'), "UNKNOWN_ACTION", 5, "action"),
        (one('lines = 4\ntext = "x"'), "UNKNOWN_ACTION", 3, "action"),
        (one('action = "set"\nvalue = "40p"'), "WRONG_VALUE", 3, "field"),
        (one('action = "set"\nfield = "prise"\nvalue = "40p"'), "WRONG_VALUE", 6, "field"),
        (one('action = "set"\nfield = "price"'), "WRONG_VALUE", 3, "value"),
        (one('action = "set"\nfield = "price"\nvalue = ""'), "WRONG_VALUE", 7, "value"),
        (one('action = "set"\nfield = "price"\nvalue = 1.5'), "WRONG_VALUE", 7, "value"),
        (one('action = "set"\nfield = "price"\nvalue = true'), "WRONG_VALUE", 7, "value"),
        (one('action = "set"\nfield = "price"\nvalue = ["a", "b"]'), "WRONG_VALUE", 7, "value"),
        (one('action = "set"\nfield = "price"\nvalue = "a\\u0000"'), "WRONG_VALUE", 7, "value"),
        (one('action = "set"\nfield = "price"\nvalue = "x"\nlines = 4\ntext = "x"'), "WRONG_VALUE", 6, "field"),
        (one('action = "set"\nfield = "headline"\nvalue = "x"'), "WRONG_VALUE", 6, "field"),
        (one('action = "join"\nlines = 4\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "join"\nlines = [5, 4]\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "join"\nlines = [4, 5, 6]\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "keep"\nlines = [0]\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "keep"\nlines = "4"\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "keep"\ntext = "x"'), "WRONG_VALUE", 3, "lines"),
        (one('action = "keep"\narticle = "3"\ntext = "x"'), "WRONG_VALUE", 6, "article"),
        (one('action = "drop-repeat"\nlines = 4\ntext = "x"\nvalue = "y"'), "WRONG_VALUE", 8, "value"),
        (one('action = "split"\nlines = [4, 6]\ntext = "x"'), "WRONG_VALUE", 6, "lines"),
        (one('action = "split"\nlines = 4\ntext = "x"\nvalue = "y"'), "WRONG_VALUE", 8, "value"),
        (one('action = "keep"\nlines = 4\ntext = "x"\ndate = "1 May"'), "WRONG_VALUE", 8, "date"),
        (one('action = "keep"\nlines = 4\ntext = ["x"]'), "WRONG_VALUE", 7, "text"),
        (one('action = "keep"\nlines = 4\ntext = "x"', head=""), "UNSIGNED", 3, "who"),
        ('who = "I"\n[[correction]]\naction = "keep"\nlines = 4\ntext = "x"\n', "UNSIGNED", 2, "reason"),
        ('who = "I"\n[[correction]]\naction = "keep"\nlines = 4\ntext = "x"\nreason = " "', "UNSIGNED", 6, "reason"),
        (one('action = "keep"\nlines = 4'), "UNGUARDED", 3, "text"),
        (one('action = "keep"\narticle = "article-001"'), "UNGUARDED", 3, "text"),
        ('transcript-sha256 = "12"\n', "WRONG_VALUE", 1, "transcript-sha256"),
        ('[transcripts]\n"a.txt" = 4\n', "WRONG_VALUE", 2, "a.txt"),
        ("transcripts = 4\n", "WRONG_VALUE", 1, "transcripts"),
        ('correction = "x"\n', "WRONG_VALUE", 1, "correction"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_key(text: str, trouble: str, line: int, key: str) -> None:
    found = faults(text)
    assert (CorrectionTrouble[trouble], line, key) in found
    assert read(text).corrections == ()


def test_every_fault_of_a_file_is_told() -> None:
    text = SOUND.replace('"set"', '"put"').replace("[13, 15]", '"13"').replace("one sentence", "")
    assert [fault[1:] for fault in faults(text)] == [(5, "action"), (12, "lines"), (14, "reason")]


@pytest.mark.parametrize(
    "content",
    [b"who = ", b"\xff\xfe", b"who = 'a'\nwho = 'b'", b"a = " + b"[" * 5000, b"a = " + b"9" * 5000,
     b"x" * (LARGEST + 1)],
)  # fmt: skip
def test_what_is_no_toml_is_one_fault(content: bytes) -> None:
    found = read_corrections(content, OWN)
    assert [each.trouble for each in found.problems] == [CorrectionTrouble.NOT_TOML]
    assert found.corrections == ()


def test_a_digest_stands_for_the_words() -> None:
    text = one('action = "keep"\nlines = 4', head=f'who = "I"\ntranscript-sha256 = "{"a" * 64}"')
    assert read(text).problems == () and read(text).transcript_sha256 == "a" * 64
    named = one('action = "keep"\nlines = 4\nissue = "a.txt"') + f'[transcripts]\n"a.txt" = "{"B" * 64}"\n'
    assert read(named).problems == () and read(named).transcripts == (("a.txt", "b" * 64),)


def test_lines_within_texts_comments_and_lists_are_no_keys() -> None:
    text = (
        'who = """\n[[correction]]\nreason = 1\n"""\n# [[correction]]\n'
        "[[correction]]\nreason = '''\nwho = 2\n'''\n"
        'value = [\n"who = 3",\n]\n"who" = "x"\n[[ correction ]]\nwho="y" # [\nlines = [\n4,\n]\ntext="]"\ndate=1\n'
    )
    places = toml_lines(text)
    assert places.line("correction") == 6
    assert places.line("correction", "who") == 13
    assert places.line("correction", "who", 1) == 15
    assert places.line("correction", "date", 1) == 20
    assert places.line("correction", "absent", 1) == 14
    assert places.line("", "who") == 1


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_give_corrections_or_faults(content: bytes) -> None:
    found = read_corrections(content, OWN)
    assert all(each.detail for each in found.problems)


_VALUES = st.one_of(
    st.integers(),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.lists(st.integers(-1, 9), max_size=3),
    st.dates(datetime.date(1, 1, 1)),
    st.sampled_from([*(each.value for each in Action), *SETTABLE, "article-001"]),
)


@settings(max_examples=300)
@given(st.lists(st.dictionaries(st.sampled_from([*KEYS["correction"], "reson"]), _VALUES), max_size=3))
def test_any_table_is_read_or_told(tables: list[dict[str, object]]) -> None:
    """Every table of a file is either a correction or has a fault at one of its own lines."""
    text = ""
    for table in tables:
        text += "[[correction]]\n"
        for key, value in table.items():
            shown = value.isoformat() if isinstance(value, datetime.date) else json.dumps(value, ensure_ascii=False)
            text += f"{key} = {shown}\n"
    found = read(text.replace("\x7f", "\\u007f"))
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line == "[[correction]]"] + [10**6]
    for begin, end in pairwise(starts):
        is_read = any(each.line == begin for each in found.corrections)
        is_told = any(begin <= (each.line or 0) < end for each in found.problems)
        assert is_read is not is_told
    for each in found.corrections:
        assert each.reason and each.who
        assert all(getattr(each, key) in {"", ()} for key in ("lines", "article") if key not in TAKES[each.action])


def test_where_corrections_lie(tmp_path: Path) -> None:
    folder, file, packed = tmp_path / "x.y", tmp_path / "a.txt", tmp_path / "b.tar.gz"
    folder.mkdir()
    file.touch()
    packed.touch()
    assert find(file) is None and find(folder) is None
    (folder / "corrections.toml").touch()
    (folder / "x.y.corrections.toml").touch()
    (tmp_path / "x.corrections.toml").touch()  # of a folder, the whole name counts
    assert find(folder) is None
    shared = tmp_path / "corrections.toml"
    shared.touch()
    assert find(file) == shared and find(folder) == shared and find(shared) is None
    for source, name in (
        (file, "a.corrections.toml"),
        (folder, "x.y.corrections.toml"),
        (packed, "b.corrections.toml"),
    ):
        (tmp_path / name).touch()
        assert find(source) == tmp_path / name
    (tmp_path / "a.txt.corrections.toml").touch()
    with pytest.raises(ConfigurationError, match="two corrections files"):
        find(file)


def test_a_deposit_named_in_any_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").mkdir()
    own = tmp_path / "x.corrections.toml"
    own.touch()
    monkeypatch.chdir(tmp_path / "x")
    assert find(Path()) == own
    assert find(tmp_path / "x" / ".." / "x") == own
    assert find(Path("/")) is None


def test_links_and_folders_are_no_corrections(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    link = tmp_path / "a.corrections.toml"
    link.symlink_to("/etc/hostname")
    with pytest.raises(ConfigurationError, match="no regular file"):
        find(tmp_path / "a.txt")
    for path in (link, tmp_path, tmp_path / "gone.toml"):
        with pytest.raises(UnreadableInput):
            load(path)


def test_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.corrections.toml"
    path.write_text(SOUND)
    assert len(load(path).corrections) == 2
    path.write_bytes(b"#" * (LARGEST + 1))
    assert [each.trouble for each in load(path).problems] == [CorrectionTrouble.NOT_TOML]


def test_every_key_action_and_field_is_explained() -> None:
    text = (Path(__file__).parents[1] / "docs" / "corrections.md").read_text(encoding="utf-8")
    for name in {*KEYS[""], *KEYS["correction"], *(each.value for each in Action)}:
        assert f"`{name}`" in text
    for name in ("headline", "byline-names", "byline-role", "page"):
        assert f"`{name}`" in text
