"""The one parser and the one serialiser: nothing from outside gets in, and everything that goes in comes back."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metadata_specimens import AGENTS, AT, PLAIN, accession_of, described, measured

from archiver.metadata import reading, xml
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.premis import premis
from archiver.metadata.reading import ARTICLES, MODS, PREMIS
from archiver.metadata.reading_premis import read_premis
from archiver.metadata.xml import DEEPEST, NotWellFormed, add, clean, make, parse, serialise
from archiver.model.package import FileUse, PayloadFile
from archiver.model.serial import Title
from archiver.model.values import PackagePath

LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (code + 1, b"&%c;" % code * 10) for code in range(ord("a"), ord("k"))
)
HOSTILE = {
    "doctype": b"<!DOCTYPE x>\n<x/>",
    "doctype after lines": b"<?xml version='1.0'?>\n\n<!DOCTYPE x SYSTEM 'x.dtd'><x/>",
    "file entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>",
    "parameter entity": b"<!DOCTYPE x [<!ENTITY % e SYSTEM 'http://example.org/x'> %e;]><x/>",
    "laughs": LAUGHS + b"]><x>&k;</x>",
    "laughs in an attribute": LAUGHS + b"]><x a='&k;'/>",
    "entity without a declaration": b"<x>&e;</x>",
    "nul": b"<x>\x00</x>",
    "control character": b"<x>\x0b</x>",
    "control character by reference": b"<x>&#11;</x>",
    "cut off": b"<x><y>",
    "two roots": b"<x/><y/>",
    "empty": b"",
    "not utf-8": b"<x>\xff</x>",
    "unknown encoding": b"<?xml version='1.0' encoding='x-none'?><x/>",
    "prefix without a namespace": b"<p:x/>",
    "attribute twice": b"<x a='1' a='2'/>",
    "too deep": b"<x>" * (DEEPEST + 2) + b"</x>" * (DEEPEST + 2),
    "utf-16 doctype": "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x><x/>".encode("utf-16"),
}
# Anything a transcript or a file name can hold, undecodable bytes and all.
WORDS = st.text(st.characters(), min_size=1, max_size=40)
LAWFUL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_may_not_be_is_refused(name: str) -> None:
    with pytest.raises(NotWellFormed) as refused:
        parse(HOSTILE[name])
    assert refused.value.message
    assert refused.value.line is None or refused.value.line >= 1
    assert "hostname" not in refused.value.message


def test_a_document_type_is_refused_by_its_line() -> None:
    with pytest.raises(NotWellFormed, match="DOCTYPE") as refused:
        parse(HOSTILE["doctype after lines"])
    assert refused.value.line == 3


def test_the_deepest_document_is_read() -> None:
    assert parse(b"<x>" * (DEEPEST - 1) + b"</x>" * (DEEPEST - 1)).tag == "x"


def test_the_largest_document_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "LARGEST", 10)
    assert parse(b"<x/>       ".strip()).tag == "x"
    with pytest.raises(NotWellFormed, match="limit is 10"):
        parse(b"<x>1234567890</x>")


def test_comments_and_instructions_do_no_harm() -> None:
    root = parse(b"<?a b?><!-- c --><x><!-- d --><?e f?></x>")
    assert root.tag == "x"


@given(WORDS)
def test_text_comes_back(words: str) -> None:
    root = make("mods:mods", {"ID": words})
    add(root, "mods:note", text=words)
    content = serialise(root)
    back = parse(content)
    assert back[0].text == clean(words)
    assert back.get("ID") == clean(words)
    assert serialise(back) == content


@given(LAWFUL)
def test_what_xml_can_hold_is_left_alone(words: str) -> None:
    assert clean(words) == words


@given(WORDS)
def test_cleaned_text_has_no_character_that_xml_forbids(words: str) -> None:
    found = clean(words)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", found)
    assert all(unicodedata.category(sign) != "Cs" for sign in found)
    assert clean(found) == found


@settings(max_examples=40, deadline=None)
@given(title=WORDS, headline=WORDS, publisher=WORDS, note=WORDS)
def test_whatever_is_printed_can_be_described(title: str, headline: str, publisher: str, note: str) -> None:
    issue = described("qinghe")
    first = replace(issue.articles[0], headline=headline)
    changed = replace(
        issue,
        title=Title(title, "chi", "Hans", note, "profile"),
        publisher=publisher,
        notes=(note,),
        articles=(first, *issue.articles[1:]),
    )
    record = reading.read_mods(parse(issue_mods(changed, accession_of(issue), AT)), MODS)[0]
    article = reading.read_mods(parse(article_mods(changed, accession_of(issue), AT)), ARTICLES)[0]
    assert record.title == clean(title).strip()
    assert article.title == clean(headline).strip()
    assert record.own_part == record.host_part == article.host_part


@settings(max_examples=40, deadline=None)
@given(name=WORDS)
def test_whatever_a_file_is_called_is_kept(name: str) -> None:
    issue = described("qinghe")
    place = PackagePath("data/representations/original/data/0001.txt")
    file = PayloadFile(place, FileUse.ORIGINAL, name, measured(b"x"), PLAIN)
    content = premis(issue, accession_of(issue), {"original": [file]}, [], [], AGENTS)
    assert read_premis(parse(content), PREMIS).files[0].original_name == clean(name).strip()


@given(st.text(max_size=60))
def test_no_reference_leaves_the_payload(href: str) -> None:
    for path in (reading.ROOT, reading.ISSUE):
        found = reading.resolve(href, path)
        assert found == "" or found.startswith("data/")
        assert ".." not in found.split("/")
        assert "//" not in found


@pytest.mark.parametrize(
    ("words", "value"),
    [("0", 0), ("0017", 17), ("-1", None), ("²", None), ("٣", None), ("1.0", None), ("", None), ("9" * 19, None)],
)
def test_numbers_are_ascii_digits(words: str, value: int | None) -> None:
    assert reading.number(words) == value
    assert reading.number(None) is None


def test_lxml_is_loaded_when_it_is_needed() -> None:
    code = "import sys, archiver.metadata.reading_mets, archiver.checks.metadata; print('lxml' in sys.modules)"
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
