"""Serial profiles: a wrong one says file, line, key and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcripts import PROFILES, QINGHE, SALTMARSH

from archiver import profiles
from archiver.errors import ConfigurationError, UnreadableInput
from archiver.model.profile import FIELDS, GROUPS, KEYS, PackageNumber

GOOD = """\
notes = "Made up."

[serial]
id = "gulls-cove-letter"
title = "The Gull's Cove Letter"
language = "eng"
script = "Latn"
frequency = "monthly"
weekday = "monday"
calendar = "gregorian"
access = "open"

[[serial.parallel-titles]]
title = "Gull"
language = "eng"

[[serial.parallel-titles]]
title = "Möwe"
language = "ger"
script = "Latn"

[numbering]
restarts = "year"
package-number = "whole"
width = 4

[masthead]
required = ["title", "issue-date"]
expected = ["price"]

[[masthead.forms]]
exact = true
lines = ["(?P<title>The Gull's Cove Letter)"]

[[masthead.forms]]
lines = ['(?P<day>\\d+) (?P<month>[A-Z][a-z]+)', '(?P<year>\\d{4})']
join = " "

[[masthead.forms]]
lines = ['No\\. (?P<whole>\\d+)']

[articles]
headline = '##\\s+(?P<headline>.+)'
byline = 'By (?P<byline>.{1,200})'
role-position = "after"
default-role = "aut"
name-separator = '\\s*,\\s*'
continuation = '\\(to page (?P<page>\\d+)\\)'

[articles.roles]
"Secretary" = "ctb"
"""


def wrong(old: str, new: str) -> str:
    """The message about a profile in which one thing is otherwise."""
    assert GOOD.count(old) >= 1, old
    with pytest.raises(ConfigurationError) as caught:
        profiles.parse(GOOD.replace(old, new, 1).encode(), "my.toml")
    return caught.value.message


def line_of(words: str, text: str = GOOD) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_good_profile() -> None:
    profile = profiles.parse(GOOD.encode(), "my.toml")
    assert (profile.identifier, profile.origin, profile.text) == ("gulls-cove-letter", "my.toml", GOOD.encode())
    assert (profile.language, profile.script, profile.genre) == ("eng", "Latn", "newspaper")
    assert (profile.weekday, profile.lunar_calendar, profile.access) == (0, False, "open")
    assert [title.text for title in profile.parallel_titles] == ["Gull", "Möwe"]
    assert (profile.package_number, profile.number_width) == (PackageNumber.WHOLE, 4)
    assert profile.naming_fields == ("whole-number",)
    assert [len(form.blocks) for form in profile.forms] == [1, 2, 1]
    assert [form.confidence_exact for form in profile.forms] == [True, False, False]
    assert profile.articles.roles == (("Secretary", "ctb"),) and not profile.articles.role_before_names
    assert profile.articles.page_marker is None and profile.articles.page_label == "Page {page}"
    assert profile.notes == ("Made up.",)


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('notes = "Made up."', "notes = 3", "notes", "a text"),
        ('notes = "Made up."', 'remarks = "x"', "remarks", "one of the keys serial, numbering"),
        ('id = "gulls-cove-letter"', 'id = "Gulls Cove"', "serial.id", "lower-case letters"),
        ('id = "gulls-cove-letter"', 'id = ""', "serial.id", "not empty"),
        ('id = "gulls-cove-letter"', "id = 7", "serial.id", "a text"),
        ('language = "eng"', 'language = "en"', "serial.language", "three-letter"),
        ('script = "Latn"', 'script = "latin"', "serial.script", "four-letter"),
        ('frequency = "monthly"', 'frequency = "sometimes"', "serial.frequency", "one of daily, weekly"),
        ('weekday = "monday"', 'weekday = "Mon"', "serial.weekday", "one of monday"),
        ('calendar = "gregorian"', 'calendar = "lunar"', "serial.calendar", "one of gregorian, chinese"),
        ('access = "open"', 'access = "all"', "serial.access", "one of restricted, open"),
        ('access = "open"', 'acces = "open"', "serial.acces", "one of the keys id, title"),
        ('title = "Möwe"', "title = 5", "serial.parallel-titles.title", "a text"),
        ('language = "ger"', 'language = "German"', "serial.parallel-titles.language", "three-letter"),
        ('language = "ger"', 'lang = "ger"', "serial.parallel-titles.lang", "one of the keys title, language, script"),
        ('restarts = "year"', 'restarts = "monthly"', "numbering.restarts", "one of year, volume, never"),
        (
            'package-number = "whole"',
            'package-number = "date"',
            "numbering.package-number",
            "whole, volume-issue, issue",
        ),
        ("width = 4", "width = 0", "numbering.width", "from 1 to 9"),
        ("width = 4", "width = true", "numbering.width", "from 1 to 9"),
        ("width = 4", 'width = "4"', "numbering.width", "from 1 to 9"),
        ('required = ["title"', 'required = ["tilte"', "masthead.required", "names of fields"),
        ('expected = ["price"]', 'expected = "price"', "masthead.expected", "a list of texts"),
        ("exact = true", 'exact = "yes"', "masthead.forms.exact", "true or false"),
        ('join = " "', "join = 1", "masthead.forms.join", "a text"),
        ('join = " "', 'glue = " "', "masthead.forms.glue", "one of the keys lines, join, exact"),
        ("lines = ['No", "lines = ['(No", "masthead.forms.lines", "a regular expression"),
        (r"(?P<whole>\d+)", r"(?P<number>\d+)", "masthead.forms.lines", "named groups among title"),
        (r"(?P<whole>\d+)", r"\d{99999999999999999999}", "masthead.forms.lines", "a regular expression"),
        (r"lines = ['No\. (?P<whole>\d+)']", "lines = []", "masthead.forms.lines", "a list of regular expressions"),
        (r"headline = '##\s+(?P<headline>.+)'", "headline = '## .+'", "articles.headline", "(?P<headline>"),
        ("byline = 'By (?P<byline>.{1,200})'", "byline = 'By ('", "articles.byline", "a regular expression"),
        (r"(?P<page>\d+)", r"\d+", "articles.continuation", "(?P<page>"),
        ('role-position = "after"', 'role-position = "behind"', "articles.role-position", "one of before, after"),
        ('default-role = "aut"', 'default-role = "author"', "articles.default-role", "relator code"),
        ('"Secretary" = "ctb"', '"Secretary" = "contributor"', "articles.roles.Secretary", "relator code"),
        ('"Secretary" = "ctb"', '"Secretary" = 1', "articles.roles.Secretary", "relator code"),
    ],
)
def test_a_wrong_value_is_said_with_its_place(old: str, new: str, key: str, expected: str) -> None:
    message = wrong(old, new)
    assert message.startswith(f"my.toml:{line_of(old)}: {key}: expected "), message
    assert expected in message and message.endswith(".")


@pytest.mark.parametrize(
    ("old", "key", "line"),
    [
        ('id = "gulls-cove-letter"\n', "serial.id", "[serial]"),
        ('title = "The Gull\'s Cove Letter"\n', "serial.title", "[serial]"),
        ('language = "eng"\n', "serial.language", "[serial]"),
        ("headline = '##\\s+(?P<headline>.+)'\n", "articles.headline", "[articles]"),
    ],
)
def test_an_absent_key_is_said_with_the_line_of_its_table(old: str, key: str, line: str) -> None:
    message = wrong(old, "")
    assert message.startswith(f"my.toml:{line_of(line)}: {key}: expected ")


def test_absent_tables() -> None:
    for table in ("serial", "numbering", "masthead", "articles"):
        with pytest.raises(ConfigurationError, match=rf"my.toml:1: {table}: expected a table \[{table}\]"):
            text = re.sub(rf"(?ms)^\[\[?{table}[\].].*?(?=^\[(?!\[?{table})|\Z)", "", GOOD)
            profiles.parse(text.encode(), "my.toml")


@pytest.mark.parametrize("group", ["title", "year", "month", "day"])
def test_forms_without_title_or_date(group: str) -> None:
    message = wrong(f"(?P<{group}>", "(?:")
    assert (
        message
        == f"my.toml:{line_of('[masthead]')}: masthead.forms: expected a form with the named group (?P<{group}>…)."
    )


def test_no_forms() -> None:
    text = GOOD[: GOOD.index("[[masthead.forms]]")] + GOOD[GOOD.index("[articles]") :]
    with pytest.raises(ConfigurationError, match=r"masthead.forms: expected at least one table"):
        profiles.parse(text.encode(), "my.toml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[serial\n", "not valid TOML"),
        (b"a = 1\na = 2\n", "not valid TOML"),
        (b"\xff", "must be UTF-8; byte 0 is not"),
        (b"", "serial: expected a table [serial]"),
        (b"serial = 1\n", "my.toml:1: serial: expected a table"),
        (b"a = " + b"[" * 100_000, "brackets stand too deep"),
    ],
)
def test_what_is_no_profile(content: bytes, words: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(words)) as caught:
        profiles.parse(content, "my.toml")
    assert caught.value.message.startswith("my.toml") and "\n" not in caught.value.message


@given(st.text() | st.sampled_from(GOOD.split("\n")).map(lambda line: GOOD.replace(line, line[: len(line) // 2], 1)))
def test_any_words_are_a_profile_or_a_message(text: str) -> None:
    try:
        profiles.parse(text.encode("utf-8", "replace"), "my.toml")
    except ConfigurationError as error:
        assert error.message.startswith("my.toml") and error.exit_status == 2


TOML = """\
top = 1
[serial]
id = "a"
"quoted" = 1
# id = "comment"
[[forms]]
lines = 1
[[forms]]
 lines = 2
[[ forms ]]
join = 3
[articles.roles]
id = "b"
"""


@pytest.mark.parametrize(
    ("table", "key", "index", "line"),
    [
        ("", "top", 0, 1),
        ("serial", "id", 0, 3),
        ("serial", "quoted", 0, 4),
        ("serial", "absent", 0, 2),
        ("forms", "lines", 0, 7),
        ("forms", "lines", 1, 9),
        ("forms", "join", 2, 11),
        ("forms", "lines", 2, 10),
        ("articles.roles", "id", 0, 13),
        ("nowhere", "id", 0, 1),
        ("", "articles", 0, 12),
        ("", "nothing", 0, 1),
    ],
)
def test_where_a_key_stands(table: str, key: str, index: int, line: int) -> None:
    assert profiles.locate(TOML, table, key, index) == line


def test_the_folder_that_comes_first_goes_before(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for folder, title in ((own, "Mine"), (shipped, "Theirs")):
        folder.mkdir()
        (folder / "a.toml").write_text(GOOD.replace("The Gull's Cove Letter", title), encoding="utf-8")
    (shipped / "b.toml").write_text(GOOD.replace("gulls-cove-letter", "another"), encoding="utf-8")
    (shipped / "read.me").write_text("no profile")
    found = profiles.load_all([own, tmp_path / "absent", shipped])
    assert list(found) == ["another", "gulls-cove-letter"]
    assert found["gulls-cove-letter"].title.text == "Mine"


def test_one_serial_has_one_profile(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"b.toml: the serial ID 'gulls-cove-letter' is used by .*a.toml"):
        profiles.load_all([tmp_path])


def test_a_profile_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"nowhere.toml: the profile cannot be read"):
        profiles.load(tmp_path / "nowhere.toml")


def test_the_profiles_that_come_with_archiver() -> None:
    assert list(PROFILES) == ["qinghe-newsletter", "saltmarsh-courier", "shangjie-newsletter"]
    assert QINGHE.lunar_calendar and QINGHE.weekday == 6 and QINGHE.number_restarts == "year"
    assert not SALTMARSH.lunar_calendar and SALTMARSH.weekday == 5 and SALTMARSH.number_restarts == "volume"
    assert SALTMARSH.naming_fields == ("volume", "issue-number")
    assert {profile.access for profile in PROFILES.values()} == {"restricted", "open"}


def test_every_key_and_group_is_known_once() -> None:
    assert len(FIELDS) == len(set(FIELDS)) and set(GROUPS.values()) == set(FIELDS)
    assert all(len(keys) == len(set(keys)) for keys in KEYS.values())


def test_the_worked_example_of_the_documents_is_a_profile(repository: Path) -> None:
    text = (repository / "docs" / "profiles.md").read_text(encoding="utf-8")
    example = next(block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[serial]" in block)
    assert profiles.parse(example.encode(), "docs/profiles.md").identifier == "gulls-cove-letter"
