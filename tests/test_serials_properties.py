"""Whatever words come: an issue is described or a fault is said, places lie in the file, and checks do not break."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transcripts import CHINESE, ENGLISH, PROFILES, chinese, english, inspected, transcript

from archiver.listing import list_deposit
from archiver.model.report import Outcome
from archiver.model.serial import Issue
from archiver.model.transcript import SourceIssue
from archiver.serials.description import describe
from archiver.serials.reading_text import reading_text
from archiver.sources.transcript import read_transcript

QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
PIECES = st.sampled_from(
    [
        *CHINESE.values(), *ENGLISH.values(), "", "", "", "\f", "9", "30",
        "## 渡口添了一盏灯", "## A lamp", "灯亮了。", "灯亮了,而", "The lamp was lit.",
        "(记者 甲 乙 摄影 丙)", "(记者)", "By Jane Alder, Staff Reporter", "- 甲村的桥", "- A bridge",
        "(详见二版)", "See page 3", "(下转二版)", "(Continued on page 9)", "第三版", "[Page 2]", "[Page 999999999]",
        "去年秋天涨水的时候七号墩的围堰两次漫顶工人们改在夜里浇筑,", "第0期(总第0期)", "2021年2月",
        "9999年12月", "星期八", "Friday, 31 December 9999", "Saturday, 0 May 0000",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=40), max_size=40).map("\n".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words")


def check_places(issue: Issue, content: bytes, count: int) -> None:
    """Every line exists, every span lies in the file, and things stand in the order of the file."""
    spans = [issue.masthead, *(article.span for article in issue.articles)]
    spans += [paragraph.span for article in issue.articles for paragraph in article.paragraphs]
    spans += [page.span for page in issue.pages if page.span]
    for span in spans:
        assert 1 <= span.first_line <= span.last_line <= count
        assert 0 <= span.begin <= span.end <= len(content)
    headlines = [article.headline_line for article in issue.articles]
    assert headlines == sorted(set(headlines))
    for article in issue.articles:
        lines = [paragraph.span.first_line for paragraph in article.paragraphs]
        assert lines == sorted(set(lines))
        assert article.span.first_line == article.headline_line
        assert [odd.lines for odd in article.oddities] == sorted(odd.lines for odd in article.oddities)
        for odd in article.oddities:
            assert all(1 <= line <= count for line in odd.lines) and list(odd.lines) == sorted(odd.lines)
    entries = [entry.line for entry in issue.index_entries]
    assert len(set(entries)) == len(entries)
    names = [article.identifier for article in issue.articles] + [entry.identifier for entry in issue.index_entries]
    assert len(set(names)) == len(names)
    numbers = [page.number for page in issue.pages]
    assert numbers == sorted(set(numbers))


@QUIET
@given(TEXTS | st.builds(chinese, TEXTS) | st.builds(english, TEXTS))
def test_any_words_are_described_or_refused(folder: Path, text: str) -> None:
    content = text.encode("utf-8", "replace")
    read = transcript(folder, content)
    found = describe(SourceIssue(read), PROFILES)
    assert found.issue is not None or found.faults or read.faults
    if found.issue is None:
        return
    check_places(found.issue, content, len(read.lines))
    assert found.profile is not None
    derived = reading_text(found.issue, found.profile.articles)
    for span in derived.spans.values():
        assert 0 <= span.begin <= span.end <= len(derived.content)
    for article in found.issue.articles:
        for paragraph in article.paragraphs:
            assert content[paragraph.span.begin : paragraph.span.end].decode().strip()


@QUIET
@given(st.builds(chinese, TEXTS) | st.builds(english, TEXTS) | TEXTS)
def test_no_words_break_a_check(folder: Path, text: str) -> None:
    found = inspected(folder, text.encode("utf-8", "replace"))
    assert [run for run in found.checks if run.outcome is Outcome.BROKEN] == []
    refused = any(each.severity.value == "error" for each in found.findings)
    assert found.acceptable or refused  # an issue that cannot be described always has an error that says why


@QUIET
@given(st.binary(max_size=400) | st.builds(lambda text, junk: text.encode() + junk, TEXTS, st.binary(max_size=9)))
def test_no_bytes_upset_the_reader(folder: Path, content: bytes) -> None:
    path = folder / "bytes.txt"
    path.write_bytes(content)
    read = read_transcript(list_deposit(path).files[0])
    assert bool(read.lines) != bool(read.faults)
    if read.lines:
        joined = [content[line.begin : line.end].decode(read.encoding) for line in read.lines]
        assert joined == [line.text for line in read.lines]
        assert read.lines[-1].end <= len(content)
    describe(SourceIssue(read), PROFILES)


@QUIET
@given(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_do_not_depend_on_their_ends(folder: Path, text: str, end: str) -> None:
    text = chinese("\n".join(text.replace("\r", "").split("\n")))
    plain, other = (
        transcript(folder, text.encode("utf-8", "replace")),
        transcript(folder, text.replace("\n", end).encode("utf-8", "replace")),
    )
    assert [line.text for line in plain.lines] == [line.text for line in other.lines]
    assert [fault.trouble for fault in plain.faults] == [fault.trouble for fault in other.faults]
