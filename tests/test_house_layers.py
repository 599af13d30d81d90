"""The floors of the house, held by reading the source: what may import what, and who may touch the world."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "archiver"

# Room (a package or module directly below archiver) → floor. A new room has to be entered here on purpose.
FLOORS = {
    "__init__": 0,
    "errors": 0,
    "model": 0,
    "archives": 1,
    "bag_profiles": 1,
    "batch_sheets": 1,
    "checksum_lists": 1,
    "corrections": 1,
    "documents": 1,
    "executors": 1,
    "fixity": 1,
    "formats": 1,
    "foreign_mets": 1,
    "layout": 1,
    "imaging": 1,
    "listing": 1,
    "metadata": 1,
    "package_profiles": 1,
    "pdfs": 1,
    "names": 1,
    "plugs": 1,
    "profile_articles": 1,
    "profile_faults": 1,
    "profiles": 1,
    "resources": 1,
    "serials": 1,
    "workspace": 1,
    "checks": 2,
    "crosswalks": 2,
    "packages": 2,
    "register": 2,
    "retrieval": 2,
    "sources": 2,
    "targets": 2,
    "virus_scanning": 2,
    "bag_planning": 3,
    "deposit_checksums": 3,
    "deposit_duplicates": 3,
    "completing": 3,
    "opening": 3,
    "payload": 3,
    "packaging": 4,
    "profile_text": 3,
    "render": 3,
    "update_planning": 3,
    "validation": 3,
    "accession_events": 5,
    "inspection": 4,
    "serialising": 4,
    "bagging": 4,
    "batching": 4,
    "exporting": 4,
    "fetching": 4,
    "transfer": 4,
    "updating": 4,
    "accession": 6,
    "profile_making": 6,
    "__main__": 7,
    "cli": 7,
}
# Rooms of one floor that may use one another: small shared parts of floor 1. On every other floor, none may.
OPEN_FLOORS = {0, 1}
LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 60  # lines, decorators and docstring counted
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "strftime"),
}
ENVIRONMENT = {("os", "environ"), ("os", "environb"), ("os", "getenv"), ("os", "putenv"), ("os", "getlogin")}

MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]
each_module = pytest.mark.parametrize("path", MODULES, ids=NAMES)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, those inside functions too; relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                above = path.relative_to(PACKAGE.parent).with_suffix("").parts[: -node.level]
                origin = ".".join((*above, origin)).rstrip(".")
            if origin == "archiver":
                yield from ((node.lineno, f"archiver.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, origin


def room_of_name(name: str) -> str:
    """The room a dotted name of this package lies in; a name of archiver itself, such as __version__, is floor 0."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else "__init__" if len(parts) < 3 else parts[1]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def breaches(path: Path, tree: ast.AST) -> list[str]:
    """Imports of one module that do not go down."""
    here = room(path)
    found = []
    for line, name in imports(tree, path):
        if name.split(".")[0] != "archiver":
            continue
        there = room_of_name(name)
        if there == here:
            continue
        down = FLOORS[there] < FLOORS[here] or (FLOORS[there] == FLOORS[here] and FLOORS[here] in OPEN_FLOORS)
        if not down:
            found.append(f"{here} (floor {FLOORS[here]}) imports {there} (floor {FLOORS[there]}) in line {line}")
    return found


def dotted(node: ast.AST) -> tuple[str, str] | None:
    """The last two parts of an attribute: datetime.datetime.now → ("datetime", "now")."""
    if not isinstance(node, ast.Attribute):
        return None
    value = node.value
    left = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    return left, node.attr


def test_every_room_has_a_floor() -> None:
    assert {room(path) for path in MODULES} <= FLOORS.keys()


@each_module
def test_imports_go_down(path: Path) -> None:
    assert breaches(path, parsed(path)) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.split("/")[0] in {"model", "errors.py"}])
def test_the_lowest_floor_needs_the_standard_library_alone(name: str) -> None:
    path = PACKAGE / name
    outside = [
        f"{found} in line {line}"
        for line, found in imports(parsed(path), path)
        if found.split(".")[0] not in {*sys.stdlib_module_names, "archiver"}
    ]
    assert outside == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("model/")])
def test_the_model_does_no_input_or_output(name: str) -> None:
    calls = {
        node.func.id if isinstance(node.func, ast.Name) else (dotted(node.func) or ("", ""))[1]
        for node in ast.walk(parsed(PACKAGE / name))
        if isinstance(node, ast.Call)
    }
    assert (
        calls & {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename"} == set()
    )


@each_module
def test_only_the_command_line_touches_the_world(path: Path) -> None:
    tree = parsed(path)
    found = []
    for node in ast.walk(tree):
        pair = dotted(node)
        line = getattr(node, "lineno", 0)
        if pair is not None and (pair[1] == "uuid4" or pair == ("os", "chdir")):
            found.append(f"{'.'.join(pair)} in line {line}: nowhere, not even in cli")
        if room(path) == "cli":
            continue
        if pair in CLOCKS | ENVIRONMENT or pair in {("sys", "stdout"), ("sys", "stderr"), ("sys", "argv")}:
            found.append(f"{'.'.join(pair)} in line {line}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "input"}:
            found.append(f"{node.func.id} in line {line}")
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "time", "uuid"}:
            taken = {(node.module, alias.name) for alias in node.names}
            wrong = taken & (CLOCKS | ENVIRONMENT | {("uuid", "uuid4"), ("os", "chdir")})
            found += [f"from {module} import {name} in line {line}" for module, name in sorted(wrong)]
    assert found == []


@each_module
def test_modules_and_functions_are_of_a_size_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{lines} lines"
    # The signature of a command is the list of its options: there, the body alone counts.
    commands = room(path) == "cli"
    long = {
        node.name: node.end_lineno - (node.body[0].lineno if commands else node.lineno) + 1
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
    }
    assert {name: size for name, size in long.items() if size > LONGEST_FUNCTION} == {}


@each_module
def test_no_module_keeps_settings_that_change(path: Path) -> None:
    """A `global` statement is how a module's settings come to differ between two runs."""
    assert [node.lineno for node in ast.walk(parsed(path)) if isinstance(node, ast.Global)] == []


@pytest.mark.parametrize(
    ("name", "source", "caught"),
    [
        ("model/x.py", "from archiver.fixity import measure", True),
        ("checks/x.py", "from archiver.packages.bag import BagReader", True),
        ("checks/x.py", "def f():\n    import archiver.targets.directory", True),
        ("checks/x.py", "from archiver import transfer", True),
        ("checks/x.py", "from ..render import text", True),
        ("checks/x.py", "from archiver import __version__, plugs", False),
        ("cli/x.py", "from archiver.accession import run", False),
        ("targets/ocfl/x.py", "from .inventory import Inventory", False),
    ],
)
def test_the_rule_catches_what_it_should(name: str, source: str, caught: bool) -> None:
    assert bool(breaches(PACKAGE / name, ast.parse(source))) is caught
