"""A workspace in a temporary folder and the command line run in it, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
QINGHE = CHECKOUT / "accessions/2026.001/deposit/qinghe-2021-05-09.txt"
SALTMARSH = CHECKOUT / "accessions/2026.002/deposit/harbour-weekly-2019-05-04.txt"
EPOCH = "1767574800"  # 2026-01-05T01:00:00Z


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON report."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def codes(self, severity: str | None = None) -> list[tuple[str, int | None]]:
        """Code and line of every finding, in order."""
        found = self.data["findings"]
        return [(each["code"], each["line"]) for each in found if severity in {None, each["severity"]}]


def archiver(*arguments: str | Path, cwd: Path, json_report: bool = True, **environment: str) -> Outcome:
    """Run the command line in a folder, as people do. SOURCE_DATE_EPOCH is set, so that output is reproducible."""
    form = ["--output-format", "json"] if json_report else []
    variables = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "ARCHIVER_OPERATOR": "A. Archivist", **environment}
    variables.setdefault("ARCHIVER_SCHEMAS", str(cwd / ".no-schemas"))
    done = subprocess.run(
        [sys.executable, "-m", "archiver.cli", *map(str, arguments), *form],
        cwd=cwd,
        env=variables,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace"))


def workspace(folder: Path) -> Path:
    """A new workspace with the name of an archive set."""
    assert archiver("init", folder, cwd=folder.parent).status == 0
    settings = folder / "archiver.toml"
    settings.write_text(settings.read_text().replace('# name = "…"', 'name = "Specimen Archive"', 1))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
