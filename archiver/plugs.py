"""Seams: parts found by looking into a room, and checks found by their decorator. A new file is enough to add one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from archiver.errors import CouldNotFindOut
from archiver.model.report import CheckRun, Fault, Finding, Outcome, Rule, Severity

CheckFunction = Callable[[Any], Iterable[Fault]]


class Skip(Exception):
    """Raised by a check that cannot judge what it was given; the reason is shown, and the check is not green."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule with the function that judges it."""

    rule: Rule
    judge: CheckFunction


_checks: dict[str, Check] = {}


def check(
    code: str, title: str, clause: str, *, needs: str, severity: Severity = Severity.ERROR
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check of one rule.

    `needs` names the kind of subject the function takes ("deposit", "issue", "bag", "package"). Raises ValueError when
    the code is taken: a code has one meaning for ever.
    """

    def register(judge: CheckFunction) -> CheckFunction:
        known = _checks.get(code)
        if known is not None and known.judge.__qualname__ != judge.__qualname__:
            raise ValueError(f"rule code {code} is taken by {known.judge.__qualname__}")
        _checks[code] = Check(Rule(code, title, clause, severity, needs), judge)
        return judge

    return register


def discover(room: str, name: str) -> Mapping[str, Any]:
    """The object called `name` of every module in the package `room`, by module name, in order of module names."""
    package = importlib.import_module(room)
    found: dict[str, Any] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        part = getattr(importlib.import_module(f"{room}.{module.name}"), name, None)
        if part is not None:
            found[module.name] = part
    return found


def checks(needs: str | None = None) -> tuple[Check, ...]:
    """Every known check in order of codes, or those that judge one kind of subject."""
    _load_checks()
    return tuple(_checks[code] for code in sorted(_checks) if needs is None or _checks[code].rule.needs == needs)


@lru_cache(maxsize=1)
def _load_checks() -> None:
    """Import every module of the room of checks; done once by a process."""
    package = importlib.import_module("archiver.checks")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"archiver.checks.{module.name}")


def run_checks(needs: str, material: Any, *, subject: str) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """Run every check that judges `needs` on `material`; `subject` names it in the report. All faults, always."""
    runs: list[CheckRun] = []
    findings: list[Finding] = []
    for known in checks(needs):
        run, found = _run(known, material, subject)
        runs.append(run)
        findings.extend(found)
    return tuple(runs), tuple(findings)


def skip_checks(needs: str, reason: str, *, subject: str) -> tuple[CheckRun, ...]:
    """The runs of checks whose subject could not be had: visibly skipped."""
    return tuple(
        CheckRun(known.rule.code, known.rule.title, Outcome.SKIPPED, reason, subject) for known in checks(needs)
    )


def _run(known: Check, material: Any, subject: str) -> tuple[CheckRun, list[Finding]]:
    rule = known.rule
    found: list[Finding] = []
    try:
        found.extend(_findings(rule, known.judge(material), subject))
    except Skip as skipped:
        return CheckRun(rule.code, rule.title, Outcome.SKIPPED, str(skipped), subject), found
    except CouldNotFindOut as unknown:
        return CheckRun(rule.code, rule.title, Outcome.BROKEN, unknown.message, subject), found
    except Exception as crash:  # noqa: BLE001  a check that crashes is broken, and the others go on
        reason = f"the check crashed: {type(crash).__name__}: {crash}"
        return CheckRun(rule.code, rule.title, Outcome.BROKEN, reason, subject), found
    outcome = Outcome.FAILED if found else Outcome.PASSED
    return CheckRun(rule.code, rule.title, outcome, "", subject), found


def _findings(rule: Rule, faults: Iterable[Fault], subject: str) -> Iterator[Finding]:
    for fault in faults:
        yield Finding(
            code=rule.code,
            severity=fault.severity or rule.severity,
            message=fault.message,
            path=fault.path,
            line=fault.line,
            remedy=fault.remedy,
            subject=subject,
        )
