"""Deposits: transcripts decoded and described, each judged by every rule for deposits and issues."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from archiver import profiles
from archiver.inspection import inspect, report
from archiver.listing import stamp_of
from archiver.model.package import SourceFile
from archiver.model.profile import SerialProfile
from archiver.render import text as as_text
from archiver.serials.reading_text import reading_text
from archiver.sources.transcript import LONGEST_LINE, read_transcript
from fuzz.target import Target, no_check_crashes, register, size_class
from fuzz.workfile import workfile

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def known() -> dict[str, SerialProfile]:
    return profiles.load_all([ROOT / "profiles"])


def transcript(data: bytes) -> Iterable[Hashable]:
    """Every line is the bytes it says it is, and nothing between two lines but a line end."""
    path = workfile("transcript.txt", data)
    found = read_transcript(SourceFile(path, "transcript.txt", stamp_of(path.stat())))
    assert bool(found.lines) != bool(found.faults)
    end = None
    for number, line in enumerate(found.lines, 1):
        assert line.number == number
        assert data[line.begin : line.end].decode(found.encoding) == line.text
        assert len(line.text) <= LONGEST_LINE
        if end is not None:
            between = data[end : line.begin].decode(found.encoding)
            assert between in {"\n", "\r\n", "\r"}, between
        end = line.end
    assert end is None or data[end:] == b""
    for fault in found.faults:
        assert fault.line is None or 1 <= fault.line <= len(data) + 1
    return {found.encoding, *(fault.trouble for fault in found.faults), size_class(len(found.lines))}


def issue(data: bytes) -> Iterable[Hashable]:
    """A deposit inspected: no rule breaks, articles lie in order within the transcript, and the report can be shown."""
    path = workfile("issue.txt", data)
    found = inspect(path, known())
    no_check_crashes(found.checks)
    shown = as_text.RENDERER(report([found]), verbose=True)
    assert not [sign for sign in shown if sign != "\n" and ord(sign) < 0xA0 and not sign.isprintable()]
    shown.encode("utf-8")
    facets: set[Hashable] = {one.code for one in found.findings}
    for reading in found.readings:
        if reading.issue is None or reading.profile is None:
            continue
        lines = reading.source.transcript.lines
        before = 0
        for article in reading.issue.articles:
            assert before < article.span.first_line <= article.span.last_line <= len(lines)
            before = article.span.last_line
        text = reading_text(reading.issue, reading.profile.articles)
        for span in text.spans.values():
            assert 0 <= span.begin <= span.end <= len(text.content)
            text.content[span.begin : span.end].decode("utf-8")
        facets |= {reading.serial, size_class(len(reading.issue.articles))}
    return facets


def _deposits() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "accessions").glob("*/deposit/*.txt"))]


def _transcript_seeds() -> Iterator[bytes]:
    text = "# 甲乙\n第1期\r\n é\n\f\n**x**\r"
    for encoding in (
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "cp1252",
        "shift_jis",
        "big5",
    ):
        yield text.encode(encoding, "replace")
    yield from (deposit[:600] for deposit in _deposits())
    yield "青禾新闻".encode("gb18030") * 20


_WORDS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\r\n", b"\r", b"\n\0", b"\0\n", b"\x0c", b"\x0b", b"\x85",
          b"\xe2\x80\xa8", b"\xe2\x80\xae", b"# ", b"## ", b"**", "第".encode(), "期".encode(), "（".encode(),
          "记者".encode(), "年".encode(), "2021年5月9日".encode(), b"By ", b"Page 2", b"No. ",
          b"continued on page ")  # fmt: skip

register(Target("transcript", transcript, _transcript_seeds, _WORDS, 1024))
register(Target("issue", issue, _deposits, _WORDS, 6500))
