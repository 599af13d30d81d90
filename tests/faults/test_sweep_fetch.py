"""A holey bag completed, under a fault at every system call: nothing wrong is in the payload, nothing is lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sweep import Done, Scene, hidden, strace_works, sweep, wrong_with_bag

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from web import Nginx, holey, nginx, tree

needs_strace = pytest.mark.skipif(not strace_works(), reason="strace is not installed or may not inject faults here")
PAYLOAD = {"at hand.txt": b"first page\n", "sub/one.txt": "第二页\n".encode() * 4000, "two.txt": b"third page\n"}
CODE = """
import sys
from pathlib import Path
from archiver.cli.app import main
if "-o" in sys.argv and Path("copy").exists():
    try:
        main()
    except SystemExit as ended:
        sys.exit(0 if ended.code == 2 else ended.code)
main()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with nginx(tmp_path_factory.mktemp("web") / "server") as running:
        for path, content in PAYLOAD.items():
            (running.www / Path(path).name).write_bytes(content)
        yield running


def scene(server: Nginx, where: str, model: Path) -> Scene:
    addresses = {path: (server.url(Path(path).name), "-") for path in ("sub/one.txt", "two.txt")}
    before = tree(holey(model, PAYLOAD, addresses))
    words = ["--in-place"] if where == "in place" else ["-o", "copy"]
    program = [sys.executable, "-c", CODE, "bag", "fetch", "bag", *words, "--lines", "1", "--tries", "1"]
    program += ["--allow-host", "127.0.0.1", "--workers", "1"]

    def prepare(folder: Path) -> None:
        shutil.copytree(model, folder / "bag")

    def wrong_after_fault(folder: Path, done: Done) -> Iterator[str]:
        now = tree(folder / "bag")
        if any(now.get(path) != content for path, content in before.items()):
            yield "the bag lost or changed what it had"
        added = now.keys() - before.keys()
        if added and where == "copy":
            yield f"the bag was added to: {added}"
        for path in added:
            if now[path] != PAYLOAD.get(path.removeprefix("data/")):
                yield f"{path} is wrong"
        if (folder / "copy").exists():
            yield from wrong_with_bag(folder / "copy")
        if not done.killed and done.status not in {0, 2, 3}:
            yield f"ended with status {done.status}"

    def wrong_after_rerun(folder: Path, done: Done) -> Iterator[str]:
        if done.status:
            yield f"ended with status {done.status}: {done.errors.strip()}"
        yield from wrong_after_fault(folder, done)
        whole = folder / ("copy" if where == "copy" else "bag")
        if not whole.exists() or tree(whole / "data") != PAYLOAD:
            yield "it is not complete"
        else:
            yield from wrong_with_bag(whole)
        if hidden(folder):
            yield f"debris: {hidden(folder)}"

    return Scene(f"bag fetch, {where}", prepare, lambda _folder: program, wrong_after_fault, wrong_after_rerun)


@needs_strace
@pytest.mark.parametrize("where", ["copy", "in place"])
def test_a_fault_at_some_calls_loses_nothing(server: Nginx, tmp_path: Path, where: str) -> None:
    swept = sweep(scene(server, where, tmp_path / "model"), tmp_path / "trials", count=6)
    assert not swept.wrong, "\n".join(swept.wrong)
    assert swept.hit > 0


@needs_strace
@pytest.mark.faults
@pytest.mark.parametrize("where", ["copy", "in place"])
def test_a_fault_at_any_call_loses_nothing(
    server: Nginx, tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene(server, where, tmp_path / "model")
    swept = sweep(made, tmp_path / "trials")
    with capsys.disabled():
        print(f"\n{made.name}: {swept}")
    assert not swept.wrong, "\n".join(swept.wrong)
