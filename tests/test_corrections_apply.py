"""Corrections applied: each action on an issue, what becomes of findings, and what never changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transcripts import PROFILES, SALTMARSH, chinese, english, reading, transcript

from archiver import plugs
from archiver.corrections.applying import apply
from archiver.corrections.belonging import names_of
from archiver.corrections.describing import describe_corrected
from archiver.corrections.judging import outcome
from archiver.corrections.reading import read_corrections
from archiver.corrections.recording import correction_events, corrections_document
from archiver.model.corrections import Corrected, Corrections, CorrectionTrouble
from archiver.model.report import Severity
from archiver.model.serial import Agreement, Article, Confidence, Issue, OddityKind
from archiver.model.transcript import Reading, SourceIssue
from archiver.serials.reading_text import reading_text

ROOT = Path(__file__).parents[1]
# What follows the masthead of nine lines; paragraphs stand in lines 13, 15, 17, 19 and 23, 25, 30.
PIER = """\
## A lamp for the pier

The old lamp was taken down on Monday and the pier was

left in the dark.

Ferry moved

The ferry leaves at noon from next week."""
MARKET = """\
## Market day

The stalls were full of fish, bread and late apples by eight in the morning.

The stalls were full of fish, bread and late apples by eight.




The mayor came at ten."""


def corrections(*tables: dict[str, object], name: str = "issue.corrections.toml", **head: object) -> Corrections:
    """A corrections file with these tables, written as TOML and read."""
    lines = [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in {"who": "Ida Marsh", **head}.items()]
    for table in tables:
        lines.append("[[correction]]")
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in {"reason": "r", **table}.items()]
    found = read_corrections("\n".join(lines).encode(), Path(name))
    assert found.problems == ()
    return found


def corrected(folder: Path, text: str, *tables: dict[str, object]) -> Corrected:
    """A text described, with corrections applied."""
    read = reading(folder, text)
    assert read.issue is not None and read.profile is not None
    return apply(read.issue, read.source.transcript, corrections(*tables), read.profile)


def made(folder: Path, text: str, *tables: dict[str, object]) -> Issue:
    """The issue when every correction was applied."""
    done = corrected(folder, text, *tables)
    assert done.problems == () and len(done.applied) == len(tables)
    assert done.issue is not None
    return done.issue


def trouble(folder: Path, text: str, *tables: dict[str, object]) -> list[CorrectionTrouble]:
    """What was wrong, where nothing was applied to the issue."""
    done = corrected(folder, text, *tables)
    return [each.trouble for each in done.problems]


def read_as(issue: Issue) -> str:
    return reading_text(issue, PROFILES[issue.serial].articles).content.decode()


def kinds(article: Article) -> list[tuple[OddityKind, tuple[int, ...], bool]]:
    return [(odd.kind, odd.lines, bool(odd.answered)) for odd in article.oddities]


def test_the_specimen_is_what_these_tests_take_it_for(tmp_path: Path) -> None:
    found = reading(tmp_path, english(PIER, MARKET)).issue
    assert found is not None
    assert [(each.span.first_line, each.span.last_line) for each in found.articles] == [(11, 19), (21, 30)]
    assert kinds(found.articles[0]) == [(OddityKind.COLUMN_BREAK, (13, 15), False)]
    assert kinds(found.articles[1]) == [
        (OddityKind.REPEAT, (25,), False),
        (OddityKind.GAP, (23, 26, 27, 28, 29), False),
    ] or kinds(found.articles[1]) == [
        (OddityKind.GAP, (23, 26, 27, 28, 29), False),
        (OddityKind.REPEAT, (25,), False),
    ]


def test_a_date_set_changes_the_name_and_what_is_compared(tmp_path: Path) -> None:
    table = {"action": "set", "field": "issue-date", "value": "2019-05-11"}
    done = made(tmp_path, english(), table)
    said = done.statement("issue-date")
    assert said is not None
    assert (done.issued, said.value, said.printed) == (date(2019, 5, 11), "2019-05-11", "Saturday, 4 May 2019")
    assert said.confidence is Confidence.CORRECTED and said.agreement is Agreement.AGREES  # a Saturday too
    assert done.identifier.startswith("saltmarsh-courier_2019-05-11")
    wrong = made(tmp_path, english(), table | {"value": "2019-05-10"})
    weekday = wrong.statement("weekday")
    assert weekday is not None and weekday.agreement is Agreement.DISAGREES
    assert "2019-05-10 is a Friday" in weekday.compared


def test_numbers_set_change_the_numbering(tmp_path: Path) -> None:
    done = made(
        tmp_path, chinese(),
        {"action": "set", "field": "whole-number", "value": 413},
        {"action": "set", "field": "issue-number", "value": "19-20"},
        {"action": "set", "field": "price", "value": "5角"},
    )  # fmt: skip
    assert (done.numbering.whole, done.numbering.issue) == (413, "19-20")
    assert done.numbering.whole_caption == "总第412期"
    assert done.identifier.endswith("_no00413")
    price = done.statement("price")
    assert price is not None and (price.value, price.printed, price.lines) == ("5角", "", ())
    publisher = made(tmp_path, english(), {"action": "set", "field": "publisher", "value": "Quay Press"})
    assert publisher.publisher == "Quay Press"
    title = made(tmp_path, english(), {"action": "set", "field": "title", "value": "The Courier"})
    assert title.title.text == "The Courier"


def test_what_is_set_counts_as_transcribed(tmp_path: Path) -> None:
    before = reading(tmp_path, chinese(lunar=None)).issue
    assert before is not None and "lunar-date" in before.not_transcribed
    done = made(tmp_path, chinese(lunar=None), {"action": "set", "field": "lunar-date", "value": "辛丑年三月廿八"})
    assert "lunar-date" not in done.not_transcribed
    said = done.statement("lunar-date")
    assert said is not None and said.agreement is Agreement.AGREES


@pytest.mark.parametrize(
    ("field", "value"),
    [("issue-date", "2019-02-30"), ("issue-date", "4 May 2019"), ("weekday", "Someday"), ("whole-number", "XII"),
     ("whole-number", "0"), ("issue-number", "No. 18"), ("issn", "0028-0837"), ("lunar-date", "三月"),
     ("parallel-title", "The Marsh"), ("cn-number", "12"), ("lccn", "x")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, field: str, value: str) -> None:
    before = reading(tmp_path, english())
    done = corrected(tmp_path, english(), {"action": "set", "field": field, "value": value})
    assert [each.trouble for each in done.problems] == [CorrectionTrouble.IMPOSSIBLE]
    assert done.issue == before.issue


@pytest.mark.parametrize(("field", "value"), [("issn", "0028-0836"), ("lccn", "sn 83-45"), ("cn-number", "11-0001")])
def test_identifiers_that_can_be(tmp_path: Path, field: str, value: str) -> None:
    assert made(tmp_path, english(), {"action": "set", "field": field, "value": value}).statement(field) is not None


def test_a_join_is_confirmed(tmp_path: Path) -> None:
    done = made(tmp_path, english(PIER), {"action": "join", "lines": [13, 15], "text": "er was|left i"})
    assert kinds(done.articles[0]) == [(OddityKind.COLUMN_BREAK, (13, 15), True)]
    assert done.articles[0].oddities[0].answered == "by Ida Marsh: r"
    assert "the pier was left in the dark." in read_as(done).replace("wasleft", "was left")


def test_paragraphs_are_joined(tmp_path: Path) -> None:
    text = english("## A\n\nOne is here.\n\nTwo is here.")
    done = made(tmp_path, text, {"action": "join", "lines": [13, 15], "text": "here. Two"})
    assert [each.joins_previous for each in done.articles[0].paragraphs] == [False, True]
    assert kinds(done.articles[0]) == [(OddityKind.COLUMN_BREAK, (13, 15), True)]
    assert re.search("One is here. ?Two is here.", read_as(done))


def test_what_was_joined_may_be_kept_apart(tmp_path: Path) -> None:
    done = made(tmp_path, english(PIER), {"action": "keep", "lines": [13, 15], "text": "pier was"})
    assert not any(each.joins_previous for each in done.articles[0].paragraphs)
    assert kinds(done.articles[0]) == []
    assert "the pier was\n\nleft" in read_as(done)


def test_a_repeat_may_be_kept_or_dropped(tmp_path: Path) -> None:
    kept = made(tmp_path, english(MARKET), {"action": "keep", "lines": 15, "text": "The stalls"})
    assert read_as(kept).count("The stalls were full") == 2
    assert OddityKind.REPEAT not in {odd.kind for odd in kept.articles[0].oddities}
    confirmed = made(tmp_path, english(MARKET), {"action": "drop-repeat", "lines": 15, "text": "The stalls"})
    assert (OddityKind.REPEAT, (15,), True) in kinds(confirmed.articles[0])
    text = english("## A\n\nThe quick ferry came in.\n\nThe quick fcrry camc in.\n\nIt left.")
    dropped = made(tmp_path, text, {"action": "drop-repeat", "lines": [15], "text": "fcrry camc"})
    assert "fcrry" not in read_as(dropped) and "It left." in read_as(dropped)
    assert kinds(dropped.articles[0]) == [(OddityKind.REPEAT, (15,), True)]


def test_what_follows_a_dropped_repeat_is_tied_to_what_it_follows_now(tmp_path: Path) -> None:
    text = english("## A\n\nThe ferry came in, and\n\nThe fcrry camc in, and\n\nleft again.")
    before = reading(tmp_path, text).issue
    assert before is not None
    assert kinds(before.articles[0]) == [
        (OddityKind.COLUMN_BREAK, (13, 15), False),
        (OddityKind.COLUMN_BREAK, (15, 17), False),
    ]
    done = made(tmp_path, text, {"action": "drop-repeat", "lines": 15, "text": "fcrry"})
    assert kinds(done.articles[0]) == [
        (OddityKind.COLUMN_BREAK, (13, 17), False),
        (OddityKind.REPEAT, (15,), True),
    ]
    assert re.search("came in, and ?left again", read_as(done))
    ended = english("## A\n\nThe ferry came in, and\n\nThe fcrry camc in, and")
    lost = made(tmp_path, ended, {"action": "drop-repeat", "lines": 15, "text": "fcrry"})
    assert kinds(lost.articles[0]) == [(OddityKind.GAP, (13,), False), (OddityKind.REPEAT, (15,), True)]


def test_lost_text_is_marked_within_and_at_the_end(tmp_path: Path) -> None:
    text = english("## A\n\nOne is here.\n\nTwo is here.")
    within = made(tmp_path, text, {"action": "mark-lost", "lines": [13, 15], "text": "here.|Two"})
    assert kinds(within.articles[0]) == [(OddityKind.GAP, (13, 14), True)]
    assert "One is here.\n\n[…]\n\nTwo" in read_as(within)
    for table in ({"lines": 15, "text": "Two"}, {"article": "article-001", "text": "Two is"}):
        end = made(tmp_path, text, {"action": "mark-lost", **table})
        assert kinds(end.articles[0]) == [(OddityKind.GAP, (15,), True)]
        assert read_as(end).endswith("Two is here.\n\n[…]\n")
    begin = made(tmp_path, text, {"action": "mark-lost", "lines": 11, "text": "A"})
    assert "## A\n\n[…]\n\nOne" in read_as(begin)


def test_a_loss_may_be_none(tmp_path: Path) -> None:
    kept = made(tmp_path, english(MARKET), {"action": "keep", "lines": [13, 20], "text": "stalls"})
    assert "[…]" not in read_as(kept)
    short = english("## A\n\nIt begins and\n\nbreaks off here without any end, or so it seems to those who look")
    assert "[…]" in read_as(made(tmp_path, short, {"action": "join", "lines": [13, 15], "text": "and breaks"}))
    end = made(tmp_path, short, {"action": "keep", "article": "article-001", "text": "It begins"})
    assert kinds(end.articles[0]) == []
    assert "[…]" not in read_as(end)


def test_a_paragraph_is_split(tmp_path: Path) -> None:
    text = english("## A\n\nOne is here.\nTwo is here.\nThree is here.")
    done = made(
        tmp_path, text,
        {"action": "split", "lines": 14, "text": "Two is"},
        {"action": "split", "lines": 15, "text": "Three"},
        {"action": "mark-lost", "lines": 14, "text": "Two is"},
    )  # fmt: skip
    assert [each.text for each in done.articles[0].paragraphs] == ["One is here.", "Two is here.", "Three is here."]
    assert [each.gap_before for each in done.articles[0].paragraphs] == [False, False, True]


def test_an_article_is_split(tmp_path: Path) -> None:
    done = made(
        tmp_path, english(PIER, MARKET), {"action": "split", "article": "article-001", "lines": 17, "text": "Ferry"}
    )
    assert [each.identifier for each in done.articles] == ["article-001", "article-001-2", "article-002"]
    first, second, _third = done.articles
    assert (second.headline, second.headline_line) == ("Ferry moved", 17)
    assert [each.text for each in second.paragraphs] == ["The ferry leaves at noon from next week."]
    assert (first.span.last_line, second.span.first_line, second.span.last_line) == (15, 17, 19)
    assert "## Ferry moved\n\nThe ferry leaves" in read_as(done)


def test_an_article_without_a_printed_headline_gets_one(tmp_path: Path) -> None:
    table = {"action": "split", "article": "article-001", "lines": 15, "text": "left", "value": "[In the dark]"}
    done = made(tmp_path, english(PIER), table)
    first, second = done.articles
    assert second.headline == "[In the dark]"
    assert second.paragraphs[0].text == "left in the dark." and not second.paragraphs[0].joins_previous
    assert kinds(first) == [(OddityKind.GAP, (13,), False)]  # it breaks off there now, and that is found
    assert "Monday and the pier was\n\n[…]" in read_as(done)


def test_an_article_split_within_a_paragraph_with_bylines(tmp_path: Path) -> None:
    text = chinese("## 灯\n\n渡口点亮了灯。\n## 水\n水涨了。\n\n(记者 柳听澜)".replace("\n## 水", "\n水情"))
    source = reading(tmp_path, text).source.transcript
    number = next(line.number for line in source.lines if line.text == "水情")
    done = made(tmp_path, text, {"action": "split", "article": "article-001", "lines": number, "text": "水情"})
    first, second = done.articles
    assert [each.text for each in first.paragraphs] == ["渡口点亮了灯。"] and first.bylines == ()
    assert (second.headline, second.romanised) == ("水情", "Shui qing")
    assert [each.text for each in second.paragraphs] == ["水涨了。"]
    assert [each.names for each in second.bylines] == [("柳听澜",)]


def test_articles_are_joined(tmp_path: Path) -> None:
    text = english("## A\n\nIt begins and", "## B\n\nThe other one.", "## A, continued\n\ngoes on here.")
    done = made(tmp_path, text, {"action": "join", "article": "article-003", "value": "article-001", "text": "goes on"})
    assert [each.identifier for each in done.articles] == ["article-001", "article-002"]
    first = done.articles[0]
    assert [span.first_line for span in (first.span, *first.further)] == [11, 19]
    assert kinds(first) == [(OddityKind.COLUMN_BREAK, (13, 21), True)]
    assert re.search("It begins and ?goes on here.", read_as(done))
    near = made(tmp_path, text, {"action": "join", "article": "article-002", "text": "The other"})
    assert near.articles[0].span.last_line == 17 and near.articles[0].further == ()
    chain = made(
        tmp_path, text,
        {"action": "join", "article": "article-003", "text": "goes"},
        {"action": "join", "article": "article-002", "text": "other"},
    )  # fmt: skip
    assert len(chain.articles) == 1
    assert [each.text for each in chain.articles[0].paragraphs] == ["It begins and", "The other one.", "goes on here."]


def test_headlines_bylines_and_pages_are_set(tmp_path: Path) -> None:
    text = chinese(
        "## 灯\n\n渡口点亮了灯。\n\n柳听澜 报道\n\n水退了。\n\n(记者 柳听澜 通讯员 沈一舟)", "## 水\n\n水涨了。"
    )
    lines = {line.text: line.number for line in reading(tmp_path, text).source.transcript.lines}
    printed, signed = lines["柳听澜 报道"], lines["(记者 柳听澜 通讯员 沈一舟)"]
    done = made(
        tmp_path, text,
        {"action": "set", "field": "headline", "value": "新灯", "article": "article-001", "text": "灯"},
        {"action": "set", "field": "byline-names", "value": ["柳听澜"], "lines": printed, "text": "柳听澜"},
        {"action": "set", "field": "page", "value": 2, "article": "article-002", "text": "水涨"},
    )  # fmt: skip
    first, second = done.articles
    assert (first.headline, first.romanised) == ("新灯", "Xin deng")
    assert [each.lines for each in first.bylines] == [(printed,), (signed,), (signed,)]
    assert [each.text for each in first.paragraphs] == ["渡口点亮了灯。", "水退了。"]
    assert (second.page, {each.page for each in second.paragraphs}) == (2, {2})
    assert [page.number for page in done.pages] == [1, 2]
    two = done.pages[1]
    assert two.received and two.span == second.span
    assert done.pages[0].span is not None and done.pages[0].span.last_line < second.span.first_line
    role = {"action": "set", "field": "byline-role", "value": "pht", "article": "article-001", "text": "灯"}
    assert trouble(tmp_path, text, role) == [CorrectionTrouble.STALE]  # two bylines: which?
    one = chinese("## 灯\n\n渡口点亮了灯。\n\n(记者 柳听澜)")
    assert made(tmp_path, one, role).articles[0].bylines[0].role == "pht"


def test_a_page_said_to_be_missing_is_there_after_all(tmp_path: Path) -> None:
    text = chinese("## 灯\n\n渡口点亮了灯。(下转2版)", "## 水\n\n水涨了。")
    before = reading(tmp_path, text).issue
    if before is None or [page.received for page in before.pages] != [True, False]:
        pytest.skip("the profile has another form for a continuation")
    table = {"action": "set", "field": "page", "value": 2, "article": "article-002", "text": "水涨"}
    assert [page.received for page in made(tmp_path, text, table).pages] == [True, True]


STALE = CorrectionTrouble.STALE
IMPOSSIBLE = CorrectionTrouble.IMPOSSIBLE
IDLE = CorrectionTrouble.WITHOUT_EFFECT


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"action": "join", "lines": [13, 99], "text": "x"}, STALE),
        ({"action": "join", "lines": [15, 19], "text": "left"}, STALE),  # they do not follow one another
        ({"action": "join", "lines": [19, 23], "text": "The"}, STALE),  # of two articles
        ({"action": "join", "lines": [13, 15], "text": "other words"}, CorrectionTrouble.OTHER_TEXT),
        ({"action": "join", "article": "article-009", "text": "x"}, STALE),
        ({"action": "join", "article": "article-001", "text": "lamp"}, STALE),
        ({"action": "join", "article": "article-001", "value": "article-002", "text": "lamp"}, IMPOSSIBLE),
        ({"action": "join", "article": "article-002", "value": "article-007", "text": "stalls"}, STALE),
        ({"action": "keep", "lines": 17, "text": "Ferry"}, STALE),
        ({"action": "keep", "article": "article-001", "text": "lamp"}, STALE),
        ({"action": "drop-repeat", "lines": 12, "text": "lamp"}, CorrectionTrouble.OTHER_TEXT),
        ({"action": "drop-repeat", "lines": 11, "text": "lamp"}, STALE),
        ({"action": "drop-repeat", "lines": 5, "text": "May"}, STALE),
        ({"action": "split", "lines": 15, "text": "left"}, IDLE),
        ({"action": "split", "lines": 11, "text": "lamp"}, STALE),
        ({"action": "split", "article": "article-001", "lines": 11, "text": "lamp"}, STALE),
        ({"action": "split", "article": "article-001", "lines": 21, "text": "Market"}, IDLE),
        ({"action": "split", "article": "article-001", "lines": 23, "text": "stalls"}, STALE),
        ({"action": "set", "field": "issue-date", "value": "2019-05-04"}, IDLE),
        ({"action": "set", "field": "headline", "value": "A lamp for the pier", "lines": 11, "text": "lamp"}, IDLE),
        ({"action": "set", "field": "byline-names", "value": ["X"], "article": "article-001", "text": "lamp"}, STALE),
        ({"action": "mark-lost", "lines": [13, 17], "text": "pier"}, STALE),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_applied(
    tmp_path: Path, table: dict[str, object], expected: CorrectionTrouble
) -> None:
    before = reading(tmp_path, english(PIER, MARKET)).issue
    done = corrected(tmp_path, english(PIER, MARKET), table)
    assert [each.trouble for each in done.problems] == [expected]
    assert done.problems[0].line == 2
    assert (done.applied, done.issue) == ((), before)


@pytest.mark.parametrize(
    "tables",
    [
        [{"action": "set", "field": "price", "value": "1s"}, {"action": "set", "field": "price", "value": "2s"}],
        [{"action": "join", "lines": [13, 15], "text": "was"}, {"action": "keep", "lines": [13, 15], "text": "was"}],
        [{"action": "join", "lines": [13, 15], "text": "was"}, {"action": "mark-lost", "lines": 13, "text": "was"}],
        [{"action": "split", "article": "article-001", "lines": 15, "text": "left"},
         {"action": "split", "lines": 15, "text": "left"}],
        [{"action": "set", "field": "headline", "value": "X", "lines": 11, "text": "lamp"},
         {"action": "set", "field": "headline", "value": "Y", "article": "article-001", "text": "lamp"}],
    ],
)  # fmt: skip
def test_two_that_contradict_each_other(tmp_path: Path, tables: list[dict[str, object]]) -> None:
    for ordered in (tables, tables[::-1]):
        done = corrected(tmp_path, english(PIER, MARKET), *ordered)
        assert CorrectionTrouble.CONTRADICTION in {each.trouble for each in done.problems}
        assert len(done.applied) <= 1


def test_the_same_asked_twice_is_done_once(tmp_path: Path) -> None:
    table = {"action": "set", "field": "price", "value": "1s"}
    done = corrected(tmp_path, english(), table, table)
    assert len(done.applied) == 1 and [each.trouble for each in done.problems] == [IDLE]


def test_a_digest_of_another_transcript_holds_everything_back(tmp_path: Path) -> None:
    read = reading(tmp_path, english(PIER))
    assert read.issue is not None and read.profile is not None
    table = {"action": "set", "field": "price", "value": "1s"}
    right = hashlib.sha256((tmp_path / "issue.txt").read_bytes()).hexdigest()
    other = corrections(table, transcript_sha256="0" * 64)
    done = apply(read.issue, read.source.transcript, other, read.profile)
    assert [each.trouble for each in done.problems] == [CorrectionTrouble.OTHER_TRANSCRIPT]
    assert done.issue == read.issue
    assert apply(read.issue, read.source.transcript, corrections(table, transcript_sha256=right), read.profile).applied


def test_which_issue_a_correction_is_for(tmp_path: Path) -> None:
    read = reading(tmp_path, english(PIER))
    assert read.issue is not None and read.profile is not None
    table = {"action": "set", "field": "price", "value": "1s"}
    right = hashlib.sha256((tmp_path / "issue.txt").read_bytes()).hexdigest()

    def applied(found: Corrections, *, alone: bool = True) -> int:
        assert read.issue is not None and read.profile is not None
        return len(apply(read.issue, read.source.transcript, found, read.profile, alone=alone).applied)

    shared = "corrections.toml"
    for name in ("issue.txt", read.issue.identifier):
        assert applied(corrections(table | {"issue": name}, name=shared), alone=False) == 1
    assert applied(corrections(table | {"issue": "other.txt"})) == 0
    assert applied(corrections(table, name=shared)) == 0
    assert applied(corrections(table), alone=False) == 0
    assert applied(corrections(table, transcript_sha256=right, name=shared), alone=False) == 1

    def troubles(found: Corrections) -> list[CorrectionTrouble]:
        assert read.issue is not None and read.profile is not None
        done = apply(read.issue, read.source.transcript, found, read.profile, alone=False)
        return [each.trouble for each in outcome(found, [done], names_of(read.source)).problems]

    assert troubles(corrections(table)) == [CorrectionTrouble.NO_ISSUE]
    assert troubles(corrections(table | {"issue": "other.txt"})) == [STALE]
    elsewhere = corrections(table | {"issue": "other.txt"}, name=shared)
    assert troubles(elsewhere) == []
    assert outcome(elsewhere, [], ()).elsewhere == 1
    assert troubles(corrections(table, transcript_sha256="0" * 64)) == [CorrectionTrouble.OTHER_TRANSCRIPT]


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"date": "Saturday, 34 May 2019"}, "issue-date", "2019-05-04"),
        ({"date": None}, "issue-date", "2019-05-04"),
        ({"numbers": None}, "issue-number", "18"),
    ],
)
def test_an_issue_that_could_not_be_described(
    tmp_path: Path, changed: dict[str, str | None], field: str, value: str
) -> None:
    tables: list[dict[str, object]] = [{"action": "set", "field": field, "value": value}]
    if field == "issue-number":
        tables.append({"action": "set", "field": "volume", "value": "12"})
    source = SourceIssue(transcript(tmp_path, english(**changed)))
    before, _done = describe_corrected(source, PROFILES, corrections())
    assert before.issue is None
    found, done = describe_corrected(source, PROFILES, corrections(*tables))
    assert found.issue is not None and done.problems == ()
    assert (found.issue.issued, found.source) == (date(2019, 5, 4), source)
    said = found.issue.statement(field)
    assert said is not None and (said.value, said.confidence) == (value, Confidence.CORRECTED)
    assert [each.now for each in done.applied] == [table["value"] for table in tables]
    assert not [fault for fault in found.faults if "date" in fault.detail or "number" in fault.detail]


def test_without_corrections_a_reading_is_what_it_was(tmp_path: Path) -> None:
    read = reading(tmp_path, english(PIER, MARKET))
    found, done = describe_corrected(read.source, PROFILES, corrections())
    assert (found, done.applied, done.problems) == (read, (), ())


def findings(read: Reading, needs: str = "issue") -> dict[str, tuple[Severity, str]]:
    _runs, found = plugs.run_checks(needs, read, subject="x")
    return {each.code: (each.severity, each.message) for each in found}


def test_findings_say_that_they_are_answered(tmp_path: Path) -> None:
    source = reading(tmp_path, english(MARKET)).source
    before = findings(reading(tmp_path, english(MARKET)))
    assert {code: before[code][0] for code in ("ISS-011", "ISS-012")} == dict.fromkeys(
        ("ISS-011", "ISS-012"), Severity.WARNING
    )
    found, _done = describe_corrected(source, PROFILES, corrections(
        {"action": "drop-repeat", "lines": 15, "text": "The stalls"},
        {"action": "mark-lost", "lines": 15, "text": "The stalls", "reason": "a torn corner"},
    ))  # fmt: skip
    after = findings(found)
    assert after["ISS-012"][0] is Severity.NOTICE and "corrected by Ida Marsh: r" in after["ISS-012"][1]
    assert after["ISS-011"][0] is Severity.NOTICE and "a torn corner" in after["ISS-011"][1]
    kept, _done = describe_corrected(
        source, PROFILES, corrections({"action": "keep", "lines": 15, "text": "The stalls"})
    )
    assert "ISS-012" not in findings(kept)


def test_every_problem_is_a_finding_of_its_rule(tmp_path: Path) -> None:
    text = (
        'transcript-sha256 = "1"\nwhim = 1\n[[correction]]\naction = "burn"\n[[correction]]\naction = "keep"\n'
        'reason = "r"\nwho = "I"\nlines = 4\n'
    )
    faulty = outcome(read_corrections(text.encode(), Path("x.corrections.toml")), [])
    _runs, found = plugs.run_checks("corrections", faulty, subject="x")
    assert {each.code for each in found} == {"COR-002", "COR-003", "COR-004", "COR-005", "COR-006"}
    assert {(each.code, each.line) for each in found} >= {("COR-002", 2), ("COR-003", 4), ("COR-006", 5)}
    for member in CorrectionTrouble:
        broken = replace(faulty, problems=tuple(replace(one, trouble=member) for one in faulty.problems[:1]))
        _runs, one = plugs.run_checks("corrections", broken, subject="x")
        assert len(one) == 1 and (one[0].severity is Severity.NOTICE) is (member is IDLE)


def test_what_was_done_is_told_noted_and_recorded(tmp_path: Path) -> None:
    read = reading(tmp_path, english(PIER))
    assert read.issue is not None and read.profile is not None
    found = corrections(
        {"action": "set", "field": "issue-date", "value": "2019-05-11", "reason": "a slip"},
        {"action": "keep", "lines": 13, "text": "pier"},
        date="2026-02-03",
    )
    done = apply(read.issue, read.source.transcript, found, read.profile)
    _runs, told = plugs.run_checks("corrections", outcome(found, [done]), subject="x")
    assert [(each.code, each.severity) for each in told] == [("COR-014", Severity.NOTICE)] * 2
    assert all(words in told[0].message for words in ("2019-05-11", "2019-05-04", "Ida Marsh", "a slip"))
    assert "answers: column break" in told[1].message
    assert done.issue is not None
    notes = [note for note in done.issue.notes if note.startswith("Corrected by Ida Marsh on 2026-02-03")]
    assert len(notes) == 2
    at = datetime(2026, 2, 4, 12, tzinfo=UTC)
    events = correction_events(done.applied, at, ("archiver",), issue=done.issue.identifier)
    assert [(each.type.value, each.at, each.agents) for each in events] == [("mem", at, ("archiver",))] * 2
    assert all(
        words in events[0].detail + events[0].note for words in ("Ida Marsh", "a slip", "2019-05-04", "2019-05-11")
    )
    assert events[0].outcomes == (done.issue.identifier,)
    kept = corrections_document(found)
    assert (kept.name, kept.content) == ("corrections.toml", found.content)


def test_the_worked_example(tmp_path: Path) -> None:
    blocks = re.findall(r"```\w+\n(.*?)```", (ROOT / "docs" / "corrections.md").read_text(encoding="utf-8"), re.DOTALL)
    source = SourceIssue(transcript(tmp_path, blocks[0], "courier.txt"))
    found = read_corrections(blocks[1].encode(), tmp_path / "courier.corrections.toml")
    assert found.problems == ()
    read, done = describe_corrected(source, PROFILES, found)
    assert read.issue is not None and done.problems == ()
    assert read.issue.issued == date(2019, 5, 4) and "2019-05-04" in read.issue.identifier
    assert [(each.identifier, each.headline) for each in read.issue.articles] == [
        ("article-001", "A lamp for the pier"),
        ("article-001-2", "Ferry moved to noon"),
    ]
    assert read.issue.articles[0].span.last_line == 15
    assert (tmp_path / "courier.txt").read_text() == blocks[0]


_PIECES = st.sampled_from(
    ["One is here.", "Two is there.", "It goes on and", "and ends.", "## New", "By Ann Hale", "Short", "\n", "\n\n\n",
     "The stalls were full of fish and bread by eight.", "The stalls were full of fish and bread", "—", "a\nb\nc."]
)  # fmt: skip
_LINE = st.sampled_from([11, *range(13, 32)])
_TWO = st.tuples(_LINE, st.sampled_from([2, 2, 2, 1, 4, 5])).map(lambda two: [two[0], two[0] + two[1]])
_PLACE = st.one_of(_LINE, _TWO)
_ARTICLE = st.sampled_from(["article-001", "article-002", "article-003"])
_SET = {"headline": ["New"], "page": [1, 2, 4], "byline-names": [["Ann Hale"]], "byline-role": ["pht"]}
_TABLES = st.one_of(
    *(
        st.fixed_dictionaries({"action": st.just(action), **place}, optional=optional)
        for action, place, optional in (
            ("join", {"lines": _TWO}, {}),
            ("join", {"article": _ARTICLE}, {"value": _ARTICLE}),
            ("split", {"lines": _LINE}, {}),
            ("split", {"article": _ARTICLE, "lines": _LINE}, {"value": st.just("[Of late]")}),
            ("drop-repeat", {"lines": _PLACE}, {}),
            ("mark-lost", {"lines": _PLACE}, {}),
            ("mark-lost", {"article": _ARTICLE}, {}),
            ("keep", {"lines": _PLACE}, {}),
            ("keep", {"article": _ARTICLE}, {}),
        )
    ),
    *(
        st.fixed_dictionaries(
            {"action": st.just("set"), "field": st.just(field), "value": st.sampled_from(values), **at}
        )
        for field, values in _SET.items()
        for at in ({"lines": _LINE}, {"article": _ARTICLE})
    ),
    st.fixed_dictionaries(
        {"action": st.just("set"), "field": st.sampled_from(["price", "issue-date"]), "value": st.just("2019-05-11")}
    ),
)


def _lines_told(issue: Issue) -> list[int]:
    """The lines of the body that articles have: of headlines, bylines and paragraphs."""
    found = [article.headline_line for article in issue.articles]
    for article in issue.articles:
        found += {byline.lines[0] for byline in article.bylines}
        for paragraph in article.paragraphs:
            found += range(paragraph.span.first_line, paragraph.span.last_line + 1)
    return sorted(set(found))


def _spans_are_sound(issue: Issue, content: bytes, lines: Sequence[str]) -> None:
    runs = [span for article in issue.articles for span in (article.span, *article.further)]
    runs = sorted(runs, key=lambda span: span.begin)
    for span in [*runs, *(each.span for article in issue.articles for each in article.paragraphs)]:
        assert 0 <= span.begin <= span.end <= len(content)
        assert content[span.begin : span.end].decode() == "\n".join(lines[span.first_line - 1 : span.last_line])
    assert all(one.end <= two.begin and one.last_line < two.first_line for one, two in pairwise(runs))
    for article in issue.articles:
        own = (article.span, *article.further)
        inner = [each.span for each in article.paragraphs]
        assert all(any(run.begin <= span.begin and span.end <= run.end for run in own) for span in inner)
        assert any(run.first_line <= article.headline_line <= run.last_line for run in own)
        order = [next(i for i, run in enumerate(own) if run.begin <= span.begin <= run.end) for span in inner]
        places = list(zip(order, [span.begin for span in inner], strict=True))
        assert places == sorted(places)
    pages = sorted(
        (span for page in issue.pages for span in ((page.span,) if page.span else ()) + page.further),
        key=lambda span: span.begin,
    )
    assert all(one.end <= two.begin for one, two in pairwise(pages))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_PIECES, min_size=1, max_size=14), st.lists(_TABLES, max_size=6))
def test_whatever_is_corrected_the_text_stays(
    tmp_path: Path, pieces: list[str], tables: list[dict[str, object]]
) -> None:
    """Spans stay those of whole lines and in order, no line is lost, doing it again changes nothing."""
    text = english("## First", *pieces)
    read = reading(tmp_path, text)
    if read.issue is None:
        return
    content = (tmp_path / "issue.txt").read_bytes()
    lines = ['who = "I"', f'transcript-sha256 = "{hashlib.sha256(content).hexdigest()}"']
    for table in tables:
        lines += ["[[correction]]", 'reason = "r"', *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    found = read_corrections("\n".join(lines).encode(), Path("issue.corrections.toml"))
    done = apply(read.issue, read.source.transcript, found, SALTMARSH)
    assert done.issue is not None
    assert len(done.applied) + len(done.problems) >= len(found.corrections)
    _spans_are_sound(done.issue, content, [line.text for line in read.source.transcript.lines])
    joined = [each.lines[0] for each in done.applied if each.now.startswith("part of ")]  # their headlines
    assert sorted({*_lines_told(done.issue), *joined}) == _lines_told(read.issue)
    reading_text(done.issue, SALTMARSH.articles)
    again = apply(done.issue, read.source.transcript, found, SALTMARSH)
    assert replace(again.issue or done.issue, notes=()) == replace(done.issue, notes=())
    if not done.applied:
        assert done.issue == read.issue
    assert (tmp_path / "issue.txt").read_bytes() == content
