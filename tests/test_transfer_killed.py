"""A transfer killed at any moment: the register stays whole, and the next run records the transfer once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shipments import tree
from test_targets_killed import CALLS, ENVIRONMENT, listed, spread, strace_works

from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.model.report import Outcome
from archiver.model.values import PackagePath
from archiver.packages.bag import BagWriter
from archiver.register import Register

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CODE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.model.shipment import Destination, Sender
from archiver.register import Register
from archiver.transfer import Dock, transfer
root, kind = Path(sys.argv[1]), sys.argv[2]
now = lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
dock = Dock(Register(root / "accessions"), Sender("Archive"), "archiver", now, workers=1)
root.parent.joinpath("mark").write_bytes(b"")
report = transfer([root / "packages/bag"], Destination("vault", kind, str(root / "there")), dock)
print(report.error, report.receipts and report.receipts[0].holding.name)
sys.exit(report.exit_status)
"""


def run(root: Path, kind: str, *strace: str) -> subprocess.CompletedProcess[str]:
    command = [*strace, sys.executable, "-c", CODE, str(root), kind]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def workspace(root: Path) -> Path:
    register = Register(root / "accessions")
    record = register.begin(Accession("", "deposit", NOW), fingerprint="5" * 64)
    with BagWriter(root / "packages/bag") as writer:
        writer.write(b"one\n", PackagePath("data/a.txt"))
        writer.seal([("Internal-Sender-Identifier", record.number)])
        sealed = writer.publish()
    made = Event(EventType.INFORMATION_PACKAGE_CREATION, NOW, EventOutcome.SUCCESS, "made")
    record.append(made, {"package": "packages/bag", "identifier": "bag", "seal": str(sealed.seal)})
    return root


def judge(root: Path, package: dict[str, bytes | None]) -> list[str]:
    """What must hold after every run; the types of the events of the record."""
    register = Register(root / "accessions")
    checks, findings = register.verify()
    assert [found for found in findings if found.severity.value == "error"] == []
    assert not any(check.outcome is Outcome.BROKEN for check in checks)
    assert tree(root / "packages/bag") == package
    return [event.type for event in next(register.records()).events]


def sweep(folder: Path, kind: str, faults: list[str], count: int) -> int:
    start = workspace(folder / "start" / "work")
    package = tree(start / "packages/bag")
    root = folder / "tried" / "work"

    def fresh() -> None:
        shutil.rmtree(folder / "tried", ignore_errors=True)
        shutil.copytree(folder / "start", folder / "tried")

    fresh()
    done = run(root, kind, "strace", "-f", "-y", "-o", str(folder / "log"), "-e", f"trace={CALLS}")
    assert done.returncode == 0, done.stderr
    tried = 0
    for name, number in spread(listed(folder / "log", root), count):
        for fault in faults:
            fresh()
            inject = ["-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={number}"]
            done = run(root, kind, "strace", "-f", "-o", "/dev/null", *inject)
            assert "Traceback" not in done.stderr, (name, number, fault, done.stderr)
            events = judge(root, package)
            said = done.returncode == 0 and not fault.startswith("signal")
            assert not said or "tra" in events, (name, number, fault, done.stdout)
            again = run(root, kind)
            assert again.returncode == 0, (name, number, fault, again)
            assert judge(root, package).count("tra") == 1, (name, number, fault)
            receipts = [path.name for path in (root / "accessions/2026.001/receipts").iterdir()]
            assert receipts == ["vault-bag.json"], (name, number, fault)
            tried += 1
    return tried


KINDS = ["file", "ocfl"]


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_some_points(kind: str, tmp_path: Path) -> None:
    if not strace_works():
        pytest.skip("strace cannot inject faults here")
    assert sweep(tmp_path, kind, ["signal=SIGKILL"], 8) >= 8


@pytest.mark.faults
@pytest.mark.parametrize("kind", KINDS)
def test_killed_and_failed_at_every_point(kind: str, tmp_path: Path) -> None:
    if not strace_works():
        pytest.skip("strace cannot inject faults here")
    tried = sweep(tmp_path, kind, ["signal=SIGKILL", "error=ENOSPC", "error=EIO"], 10_000)
    print(f"transfer to {kind}: 0 wrong of {tried} faults")
    assert tried > 100
