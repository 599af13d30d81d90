"""Findings, check runs and reports: what archiver says of material. See docs/rules for every code."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.model.package import Receipt, Seal
    from archiver.model.serial import Issue


class Severity(enum.Enum):
    """How grave a finding is: a MUST of a standard is an error, a SHOULD a warning, anything else a notice."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    def at_least(self, other: Severity) -> bool:
        """Whether this severity is as grave as `other`, or graver."""
        order = [Severity.NOTICE, Severity.WARNING, Severity.ERROR]
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check yields: a fault in the material, before its code and severity are added by the runner.

    `path` is relative to the package, or the source as the user named it; `line` counts from 1.
    `severity` overrides the severity of the check for this fault alone.
    """

    message: str
    path: str | None = None
    line: int | None = None
    remedy: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in the material: code, place, both values in the message, and what to do."""

    code: str
    severity: Severity
    message: str
    path: str | None = None
    line: int | None = None
    remedy: str = ""
    subject: str = ""  # which deposit or package


class Outcome(enum.Enum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Rule:
    """A known check: its code (never reused), title, the clause it enforces, its severity and what it needs."""

    code: str
    title: str
    clause: str
    severity: Severity
    needs: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One check on one subject: what became of it, and why when it did not run."""

    code: str
    title: str
    outcome: Outcome
    reason: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """In place of what a check would judge: why it could not be had. The check is skipped, visibly."""

    reason: str


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A package in a report."""

    path: str
    identifier: str
    seal: Seal | None
    note: str = ""  # "written", "would be written", "already accessioned", "valid", …


@dataclass(frozen=True, slots=True)
class AccessionLine:
    """An accession in a report."""

    number: str
    status: str
    source: str
    depositor: str
    begun: str
    packages: tuple[PackageLine, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """A part archiver stands on, as `doctor` found it; `remedy` is the one line that mends it."""

    name: str
    version: str
    works: bool
    detail: str = ""
    remedy: str = ""


class Verdict(enum.Enum):
    """The outcome of a whole run."""

    PASSED = "passed"
    FAILED = "failed"  # findings at or above fail_on
    UNKNOWN = "unknown"  # something could not be found out
    REFUSED = "refused"  # the call could not be carried out: nothing was done


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a command has to say. Every output form is a function of this alone."""

    command: str
    checks: tuple[CheckRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    packages: tuple[PackageLine, ...] = ()
    issues: tuple[Issue, ...] = ()
    accessions: tuple[AccessionLine, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    components: tuple[Component, ...] = ()
    notes: tuple[str, ...] = ()  # sentences for people: what was done, what comes next
    error: str = ""  # why the run was refused or could not find out
    error_remedy: str = ""
    error_status: int = 0
    fail_on: Severity = field(default=Severity.ERROR)

    @property
    def verdict(self) -> Verdict:
        """Unknown outweighs failed: a run that could not look everywhere has not found everything."""
        if self.error_status == 2:
            return Verdict.REFUSED
        broken = any(run.outcome is Outcome.BROKEN for run in self.checks)
        if self.error_status or broken or any(not part.works for part in self.components):
            return Verdict.UNKNOWN
        if any(found.severity.at_least(self.fail_on) for found in self.findings):
            return Verdict.FAILED
        return Verdict.PASSED

    @property
    def exit_status(self) -> int:
        """0 passed · 1 findings at or above fail_on · 2 refused · 3 could not find out."""
        return {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.REFUSED: 2, Verdict.UNKNOWN: 3}[self.verdict]
