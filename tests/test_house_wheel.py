"""The wheel: built from a copy, installed in an empty environment, it finds its data and does the main job.

The libraries archiver stands on are borrowed from the environment that runs the tests, so this needs no network;
archiver itself comes from the wheel alone, and the commands run in a folder that knows nothing of the checkout.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILT_FROM = ("archiver", "profiles", "schemas", "docs", "pyproject.toml", "README.md", "LICENSE")


def libraries_of(name: str, seen: set[str]) -> set[str]:
    """The distributions `name` needs, all the way down, as installed here; extras and other platforms left out."""
    for line in importlib.metadata.requires(name) or []:
        if ";" in line and "extra" in line.split(";", 1)[1]:
            continue
        need = line.split(";")[0]
        for sign in "[(<>=!~ ":
            need = need.split(sign)[0]
        if need and need.lower() not in seen:
            try:
                importlib.metadata.distribution(need)
            except importlib.metadata.PackageNotFoundError:
                continue  # not for this platform
            seen.add(need.lower())
            libraries_of(need, seen)
    return seen


@dataclass(frozen=True)
class Installed:
    """A wheel installed on its own."""

    wheel: Path
    python: Path
    elsewhere: Path

    def run(self, *words: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run the installed program, as a user would, from a folder away from the checkout."""
        surroundings = {
            "PATH": f"{self.python.parent}{os.pathsep}{os.defpath}",
            "HOME": str(self.elsewhere),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
        }
        done = subprocess.run(words, cwd=self.elsewhere, env=surroundings, capture_output=True, text=True, check=False)
        assert code is None or done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build and install: offline, without build isolation, from a copy that holds only what a wheel is made from."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; pip install hatchling")
    copy = tmp_path_factory.mktemp("copy")
    for name in BUILT_FROM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=copy, check=True, capture_output=True
    )
    (wheel,) = (copy / "dist").glob("*.whl")
    place = tmp_path_factory.mktemp("environment")
    venv.EnvBuilder(with_pip=False).create(place)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    borrowed = place / "borrowed"
    borrowed.mkdir()
    _borrow(libraries_of("archiver", set()), borrowed)
    (site / "borrowed.pth").write_text(f"{borrowed}\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "-qq", "--no-deps", "--no-index", str(wheel)],
        check=True,
    )
    return Installed(wheel, python, tmp_path_factory.mktemp("elsewhere"))


def _borrow(names: set[str], folder: Path) -> None:
    """Link the top folders and modules of the named distributions: nothing else of this environment is seen there."""
    for name in sorted(names):
        files = importlib.metadata.distribution(name).files or []
        for top in sorted({file.parts[0] for file in files} - {"..", "__pycache__", "bin"}):
            there = Path(str(importlib.metadata.distribution(name).locate_file(top))).resolve()
            if there.exists() and not (folder / top).exists():
                (folder / top).symlink_to(there)


def test_the_wheel_holds_its_data(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    for folder, here in (("profiles", "profiles"), ("schemas", "schemas"), ("rules", "docs/rules")):
        expected = {path.relative_to(ROOT / here).as_posix() for path in (ROOT / here).rglob("*") if path.is_file()}
        within = {name.removeprefix(f"archiver/_data/{folder}/") for name in names if f"/_data/{folder}/" in name}
        assert within == {name for name in expected if "__pycache__" not in name}
    assert "archiver/py.typed" in names
    assert [name for name in names if name.startswith(("tests/", "accessions/"))] == []


def test_the_checkout_cannot_be_imported(installed: Installed) -> None:
    done = installed.run(str(installed.python), "-c", "import archiver; print(archiver.__file__)")
    assert not Path(done.stdout.strip()).is_relative_to(ROOT)
    installed.run(str(installed.python), "-c", "import pytest", code=1)


def test_it_does_the_main_job(installed: Installed, qinghe: Path, saltmarsh: Path) -> None:
    before = {path: path.read_bytes() for path in (qinghe, saltmarsh)}
    installed.run("archiver", "doctor")
    installed.run("archiver", "init", "workspace")
    for source in (qinghe, saltmarsh):
        shutil.copy2(source, installed.elsewhere / source.name)
        words = ("accession", f"../{source.name}", "--output-format", "json")
        done = installed.run("sh", "-c", 'cd workspace && exec archiver "$@"', "archiver", *words)
        report = json.loads(done.stdout)
        assert report["schema"] == "archiver.report/1"
        (package,) = report["packages"]
        bag = installed.elsewhere / "workspace" / package["path"]
        assert (bag / "bagit.txt").is_file()
        validated = json.loads(installed.run("archiver", "validate", str(bag), "--output-format", "json").stdout)
        assert [found for found in validated["findings"] if found["severity"] == "error"] == []
        assert {run["outcome"] for run in validated["checks"]} <= {"passed", "failed", "skipped"}
        assert (installed.elsewhere / source.name).read_bytes() == before[source]
    installed.run("archiver", "explain", "BAG-001")


def test_it_explains_a_rule_from_its_own_pages(installed: Installed) -> None:
    assert "What it checks" in installed.run("archiver", "explain", "REG-001").stdout
