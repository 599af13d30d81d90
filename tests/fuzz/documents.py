"""XML: the documents of a package with small changes anywhere, parsed, read, and judged by every rule for packages."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

import metadata_specimens

from archiver import plugs
from archiver.metadata.reading import (
    ARTICLES,
    ISSUE,
    MODS,
    PREMIS,
    ROOT,
    NotWellFormed,
    issue_facts,
    read_mods,
    resolve,
)
from archiver.metadata.reading_mets import read_mets
from archiver.metadata.reading_premis import read_premis
from archiver.metadata.xml import DEEPEST, parse
from archiver.model.values import PackagePath
from fuzz.target import Target, no_check_crashes, register, size_class
from fuzz.workfile import Choices

_NAMES = (ROOT, ISSUE, MODS, ARTICLES, PREMIS)
_PLACES = re.compile(rb'"[^"]*"|>[^<>]+<|<[^<>]*>')
_WORDS = (b"", b"x", b"-1", b"0", b"99999999999999999999", b"../../etc/passwd", b"%00", b"%2e%2e/x", b"file:///x",
    b"a b",
          b"2021-02-30", b"&#1;", b"&lt;", b"&e;", "１２".encode(), b"//host/x", b"?q", b"#f", b"sha512", b"\xff", b"[",
          b"http://[x", b"data/METS.xml", b"&#x202e;", b"\n", b"<a/>", b"<!-- -->", b"<?p?>",
          b"<![CDATA[x]]>")  # fmt: skip


@lru_cache(maxsize=1)
def _specimen() -> metadata_specimens.Specimen:
    return metadata_specimens.make("saltmarsh")


def xml(data: bytes) -> Iterable[Hashable]:
    """A document of any kind: nothing but NotWellFormed, no entity, every reference inside or none."""
    try:
        root = parse(data)
    except NotWellFormed as fault:
        assert fault.line is None or fault.line >= 1
        return {fault.message[:16]}
    assert not root.getroottree().docinfo.doctype
    assert _depth(root) <= DEEPEST
    mets = read_mets(root, ROOT)
    for reference in mets.references:
        _inside(reference.path)
    for division in mets.divisions():
        for area in division.areas:
            assert area.span is None or 0 <= area.span.begin < area.span.end
    premis = read_premis(root, PREMIS)
    records = read_mods(root, MODS)
    return {root.tag, *map(size_class, (len(mets.references), len(premis.files), len(premis.events), len(records)))}


def _depth(root: object) -> int:
    depth = deepest = 0
    from lxml import etree

    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _inside(path: str) -> None:
    if path:
        PackagePath(path)
        assert path.startswith("data/")


def hrefs(data: bytes) -> Iterable[Hashable]:
    href = data.decode("utf-8", "surrogateescape")
    found = resolve(href, ISSUE)
    _inside(found)
    return {bool(found), found.count("/")}


def package(data: bytes) -> Iterable[Hashable]:
    """The documents of a right package with some of their values, texts and tags changed: no rule breaks."""
    choices, specimen = Choices(data), _specimen()
    documents = dict(specimen.documents)
    for _change in range(1 + choices.below(4)):
        name = choices.pick(sorted(documents))
        documents[name] = _changed(documents[name], choices)
        if choices.is_used_up:
            break
    contents = metadata_specimens.package(specimen.issue.identifier, specimen.contents, documents)
    runs, findings = plugs.run_checks("package", contents, subject="x")
    no_check_crashes(runs)
    facts = issue_facts(contents)
    if facts is not None:
        runs, more = plugs.run_checks("facts", facts, subject="x")
        no_check_crashes(runs)
        findings += more
    return {found.code for found in findings}


def _changed(document: bytes, choices: Choices) -> bytes:
    places = list(_PLACES.finditer(document))
    if not places:
        return document
    match = places[(choices.byte() << 8 | choices.byte()) % len(places)]
    found = match.group()
    word = choices.pick(_WORDS) if choices.below(4) else choices.take(choices.below(12))
    if found.startswith(b"<"):
        new = choices.pick((b"", found + word, found.replace(b"mets:", b"mods:"), found * 2, found[:-1] + b"/>"))
    else:
        new = found[:1] + word + found[-1:]
    return document[: match.start()] + new + document[match.end() :]


def _xml_seeds() -> Iterator[bytes]:
    for name in _NAMES:
        document = _specimen().documents[name]
        if len(document) < 16000:
            yield document
    yield _small_premis()
    yield b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    yield b"<a>" * 60 + b"</a>" * 60


def _small_premis() -> bytes:
    """The beginning of every part of premis.xml, so that it is small enough to be changed often."""
    document = _specimen().documents[PREMIS]
    objects = re.findall(rb"  <premis:(object|event|agent|rights)\b.*?</premis:\1>\n", document, re.DOTALL)
    parts = list(re.finditer(rb"  <premis:(object|event|agent|rights)\b.*?</premis:\1>\n", document, re.DOTALL))
    kept = {match.group(1): match.group() for match in parts}
    assert objects
    return document[: parts[0].start()] + b"".join(kept.values()) + b"</premis:premis>\n"


def _href_seeds() -> Iterator[bytes]:
    for href in ("mods.xml", "../../representations/a%20b.txt", "../../../x", "file:///x", "//h/x", "%2e%2e/%00",
        "?q", "[",
                 "http://[x", "../descriptive/./a//b", "#x", "a;b=c"):  # fmt: skip
        yield href.encode()


def _package_seeds() -> Iterator[bytes]:
    for number in range(40):
        yield bytes((number * 53 + at * 29 + at * at) & 0xFF for at in range(24))


register(
    Target("xml", xml, _xml_seeds, (*_WORDS, b"<mets:div>", b"</mets:div>", b"<mets:fptr/>", b"xmlns:a='b'"), 16384)
)
register(Target("href", hrefs, _href_seeds, (b"../", b"%2f", b"%2e", b"%00", b"/", b"//", b"?", b"#", b"["), 256))
register(Target("package", package, _package_seeds, (), 64))
