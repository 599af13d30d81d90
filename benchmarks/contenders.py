"""What archiver is measured against, each as a whole process: peers, shell tools, and the bare limit of the machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LIMIT = """
import hashlib, os, sys
from concurrent.futures import ThreadPoolExecutor
names, root = sys.argv[2].split("+"), sys.argv[1]
files = [entry.path for folder, _, _ in os.walk(root) for entry in os.scandir(folder) if entry.is_file()]
def read(part):
    buffer = bytearray(1 << 20); view = memoryview(buffer)
    for path in part:
        digests = [hashlib.new(name) for name in names]
        descriptor = os.open(path, os.O_RDONLY)
        while count := os.readv(descriptor, [buffer]):
            for digest in digests: digest.update(view[:count])
        os.close(descriptor)
        for digest in digests: digest.hexdigest()
with ThreadPoolExecutor(2) as pool: list(pool.map(read, [files[0::2], files[1::2]]))
"""

MAKE = "import bagit, sys; bagit.make_bag(sys.argv[1], processes=int(sys.argv[2]), checksums=sys.argv[3].split('+'))"
VALIDATE = "import bagit, sys; bagit.Bag(sys.argv[1]).validate(processes=int(sys.argv[2]))"


def python(code: str, *arguments: str) -> list[str]:
    """A command that runs `code` in this interpreter."""
    return [sys.executable, "-c", code, *arguments]


def wall(*commands: Sequence[str]) -> float:
    """Seconds of wall time that the commands take one after the other. Raises CalledProcessError when one fails."""
    begun = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def limit(source: Path, algorithms: str) -> float:
    """The bare two-thread reader: every file read once and digested, nothing else."""
    return wall(python(LIMIT, str(source), algorithms))


def bagit_validate(bag: Path, processes: int) -> float:
    """bagit-python's validation."""
    return wall(python(VALIDATE, str(bag), str(processes)))


def bagit_chain(source: Path, destination: Path, algorithms: str, processes: int) -> float:
    """`cp -r`, bagit-python's make_bag and its validation: source to verified bag elsewhere."""
    shutil.rmtree(destination, ignore_errors=True)
    return wall(
        ["cp", "-r", str(source), str(destination)],
        python(MAKE, str(destination), str(processes), algorithms),
        python(VALIDATE, str(destination), str(processes)),
    )


def shell_chain(source: Path, destination: Path) -> float:
    """`cp -r` and sha512sum under xargs -P2."""
    shutil.rmtree(destination, ignore_errors=True)
    sums = f"find {destination} -type f -print0 | xargs -0 -P2 -n64 sha512sum > {destination}.sums"
    return wall(["cp", "-r", str(source), str(destination)], ["sh", "-c", sums])


def bdbag_validate(bag: Path) -> float | None:
    """bdbag's full validation, or None where bdbag is not installed."""
    command = shutil.which("bdbag", path=str(Path(sys.executable).parent)) or shutil.which("bdbag")
    return None if command is None else wall([command, "--validate", "full", "--quiet", str(bag)])


def bdbag_archive(source: Path, destination: Path, form: str) -> float | None:
    """A copy made a bag and archived by bdbag, or None where it is not installed."""
    command = shutil.which("bdbag", path=str(Path(sys.executable).parent)) or shutil.which("bdbag")
    if command is None:
        return None
    shutil.rmtree(destination, ignore_errors=True)
    for archive in destination.parent.glob(f"{destination.name}.*"):
        archive.unlink()
    return wall(
        ["cp", "-r", str(source), str(destination)],
        [command, "--quiet", "--checksum", "sha256", "--checksum", "sha512", "--archiver", form, str(destination)],
    )


def archiver(*arguments: str | Path) -> list[str]:
    """A command line of archiver, as its own script starts it."""
    return python("from archiver.cli.__main__ import main; main()", *map(str, arguments))
