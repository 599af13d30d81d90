"""The runner of checks: all faults, and no silence about a check that did not run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from archiver import plugs
from archiver.errors import CouldNotFindOut
from archiver.model.report import CheckRun, Fault, Finding, Outcome, Report, Severity, Verdict


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty registry for the length of a test."""
    plugs.checks()
    monkeypatch.setattr(plugs, "_checks", {})


def two_faults(_material: Any) -> Iterator[Fault]:
    yield Fault("first", "a.txt", 1)
    yield Fault("second", "b.txt", None, severity=Severity.NOTICE)


def crashes(_material: Any) -> Iterator[Fault]:
    yield Fault("seen before the crash")
    raise RuntimeError("a fault of our own")


def cannot_read(_material: Any) -> Iterator[Fault]:
    raise CouldNotFindOut("the disk does not answer")
    yield


def skips(_material: Any) -> Iterator[Fault]:
    raise plugs.Skip("nothing to compare")
    yield


def finds_nothing(_material: Any) -> Iterator[Fault]:
    yield from ()


@pytest.mark.usefixtures("registry")
def test_every_check_runs_whatever_becomes_of_the_others() -> None:
    for code, judge in (
        ("X-1", crashes),
        ("X-2", two_faults),
        ("X-3", cannot_read),
        ("X-4", skips),
        ("X-5", finds_nothing),
    ):
        plugs.check(code, code, "clause", needs="thing")(judge)
    runs, findings = plugs.run_checks("thing", object(), subject="it")
    assert [(run.code, run.outcome) for run in runs] == [
        ("X-1", Outcome.BROKEN),
        ("X-2", Outcome.FAILED),
        ("X-3", Outcome.BROKEN),
        ("X-4", Outcome.SKIPPED),
        ("X-5", Outcome.PASSED),
    ]
    assert "RuntimeError" in runs[0].reason and runs[2].reason == "the disk does not answer"
    assert [(found.code, found.message, found.severity) for found in findings] == [
        ("X-1", "seen before the crash", Severity.ERROR),
        ("X-2", "first", Severity.ERROR),
        ("X-2", "second", Severity.NOTICE),
    ]


@pytest.mark.usefixtures("registry")
def test_a_code_has_one_meaning() -> None:
    plugs.check("X-1", "one", "clause", needs="thing")(two_faults)
    with pytest.raises(ValueError, match="taken"):
        plugs.check("X-1", "another", "clause", needs="thing")(skips)


def test_codes_titles_and_clauses_are_there() -> None:
    for known in plugs.checks():
        assert known.rule.title and known.rule.clause and known.rule.needs, known.rule
    titles = [known.rule.title for known in plugs.checks()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("room", ["archiver.sources", "archiver.targets", "archiver.render"])
def test_parts_are_found_by_looking_into_their_room(room: str) -> None:
    name = {"archiver.sources": "READER", "archiver.targets": "TARGET", "archiver.render": "RENDERER"}[room]
    assert plugs.discover(room, name)


@pytest.mark.parametrize("renderer", sorted(plugs.discover("archiver.render", "RENDERER")))
@pytest.mark.parametrize("verbose", [True, False])
def test_every_renderer_shows_every_report(renderer: str, verbose: bool) -> None:
    render = plugs.discover("archiver.render", "RENDERER")[renderer]
    hostile = Finding("X-1", Severity.ERROR, "a\x1b[2Jb\u202ec", "d\ne", 3, "do", "f\udcffg")
    full = Report("validate", (CheckRun("X-1", "t", Outcome.BROKEN, "why", "f"),), (hostile,), notes=("n",), error="e")
    for report in (Report("inspect"), full, replace(full, error_status=2)):
        shown = render(report, verbose=verbose)
        assert shown.endswith("\n") and "\x1b" not in shown
        shown.encode("utf-8")


@pytest.mark.parametrize(
    ("report", "verdict", "status"),
    [
        (Report("x"), Verdict.PASSED, 0),
        (Report("x", findings=(Finding("X", Severity.WARNING, "m"),)), Verdict.PASSED, 0),
        (Report("x", findings=(Finding("X", Severity.WARNING, "m"),), fail_on=Severity.WARNING), Verdict.FAILED, 1),
        (Report("x", findings=(Finding("X", Severity.ERROR, "m"),)), Verdict.FAILED, 1),
        (Report("x", checks=(CheckRun("X", "t", Outcome.SKIPPED),)), Verdict.PASSED, 0),
        (Report("x", checks=(CheckRun("X", "t", Outcome.BROKEN),)), Verdict.UNKNOWN, 3),
        (Report("x", error="e", error_status=3), Verdict.UNKNOWN, 3),
        (Report("x", error="e", error_status=2, findings=(Finding("X", Severity.ERROR, "m"),)), Verdict.REFUSED, 2),
    ],
)
def test_the_verdict_and_exit_status(report: Report, verdict: Verdict, status: int) -> None:
    assert (report.verdict, report.exit_status) == (verdict, status)
