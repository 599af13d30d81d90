"""Builders of transcripts: a whole issue by default, one part of it changed by each test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archiver import inspection, profiles
from archiver.inspection import Inspected
from archiver.listing import list_deposit
from archiver.model.profile import SerialProfile
from archiver.model.serial import Issue, Oddity, OddityKind
from archiver.model.transcript import Reading, SourceIssue, Transcript
from archiver.resources import data_folder
from archiver.serials.description import describe
from archiver.sources.transcript import read_transcript

PROFILES: Mapping[str, SerialProfile] = profiles.load_all([data_folder("profiles")])
QINGHE = PROFILES["qinghe-newsletter"]
SALTMARSH = PROFILES["saltmarsh-courier"]

CHINESE = {
    "title": "# 青禾时报",
    "parallel": "QINGHE NEWSLETTER",
    "publisher": "青禾区融合传播中心出版",
    "month": "2021年5月",
    "day": "9",
    "weekday": "星期日",
    "lunar": "辛丑年三月廿八",
    "permit": "禾川省连续性内资\n\n【审青禾连】00027号",
    "numbers": "第18期(总第412期)",
    "statement": "内部资料 免费交流",
    "hotline": "监督电话 55501846",
}
ENGLISH = {
    "title": "# The Saltmarsh Weekly Courier",
    "numbers": "Vol. XII, No. 18",
    "date": "Saturday, 4 May 2019",
    "publisher": "Published by the Saltmarsh Harbour Press, Quay Street, Saltmarsh",
    "price": "Price 40p",
}
ARTICLE = "## 渡口添了一盏灯\n\n渡口昨夜点亮了一盏新灯。\n\n(记者 柳听澜)"


def chinese(*articles: str, **changed: str | None) -> str:
    """A Chinese issue; `changed` replaces lines of the masthead by name, None leaves one out."""
    return _issue(CHINESE, articles or (ARTICLE,), changed)


def english(*articles: str, **changed: str | None) -> str:
    """An English issue; `changed` as in `chinese`."""
    return _issue(ENGLISH, articles or ("## A lamp\n\nThe lamp was lit.",), changed)


def _issue(masthead: Mapping[str, str], articles: tuple[str, ...], changed: Mapping[str, str | None]) -> str:
    unknown = set(changed) - set(masthead) - {"extra"}
    assert not unknown, unknown
    lines = [line for line in {**masthead, **changed}.values() if line is not None]
    return "\n\n".join([*lines, *articles]) + "\n"


def transcript(folder: Path, content: str | bytes, name: str = "issue.txt") -> Transcript:
    """A file with this content, read as a transcript."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_transcript(list_deposit(path).files[0])


def reading(folder: Path, content: str | bytes, serial: str | None = None) -> Reading:
    """A file with this content, described."""
    return describe(SourceIssue(transcript(folder, content)), PROFILES, serial)


def issue(folder: Path, content: str | bytes) -> Issue:
    """A file with this content, described, which it must be."""
    found = reading(folder, content)
    assert found.issue is not None, found.faults
    return found.issue


def inspected(folder: Path, content: str | bytes, serial: str | None = None) -> Inspected:
    """A file with this content, judged by every rule."""
    path = folder / "issue.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return inspection.inspect(path, PROFILES, serial)


def places(found: Inspected) -> list[tuple[str, int | None]]:
    """Code and line of every finding that is not about punctuation or what the profile expects, in order."""
    return sorted(
        ((each.code, each.line) for each in found.findings if each.code not in {"TXT-007", "SER-007"}),
        key=lambda place: (place[0], place[1] or 0),
    )


def oddities(described: Issue, kind: OddityKind) -> list[Oddity]:
    """Every oddity of a kind, in the order of articles."""
    return [odd for article in described.articles for odd in article.oddities if odd.kind is kind]
