"""One large file by two algorithms, and the start of the program: what threads gain, and what help costs.

python benchmarks/one_file.py [--size 512] [--rounds 5] [--folder /dev/shm]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import contenders

ALONE = """
import hashlib, sys
digests = [hashlib.sha512(), hashlib.sha256()]
buffer = bytearray(1 << 20); view = memoryview(buffer)
with open(sys.argv[1], "rb", buffering=0) as stream:
    while count := stream.readinto(buffer):
        for digest in digests: digest.update(view[:count])
"""
OURS = """
import sys
from pathlib import Path
from archiver.fixity.measure import measure_here
from archiver.model.values import Algorithm
measure_here(Path(sys.argv[1]), (Algorithm.SHA512, Algorithm.SHA256))
"""
EMPTY = """
import typer
app = typer.Typer()
@app.command()
def main(name: str = "x") -> None: ...
app()
"""


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="MiB")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        file = Path(folder) / "scan.tif"
        with file.open("wb") as stream:
            for index in range(arguments.size):
                stream.write(index.to_bytes(8, "big") * (1 << 17))
        found: dict[str, list[float]] = {}
        for _round in range(arguments.rounds):
            for name, command in {
                "one file, one thread": contenders.python(ALONE, str(file)),
                "one file, archiver": contenders.python(OURS, str(file)),
                "an empty typer app": contenders.python(EMPTY),
                "archiver --version": contenders.archiver("--version"),
                "an empty typer app, --help": contenders.python(EMPTY, "--help"),
                "archiver --help": contenders.archiver("--help"),
            }.items():
                found.setdefault(name, []).append(contenders.wall(command))
    medians = {name: statistics.median(times) for name, times in found.items()}
    pairs = list(medians)
    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        ratio = medians[second] / medians[first]
        print(f"{second}: {medians[second]:.3f} s, {ratio:.2f} × {first} ({medians[first]:.3f} s)")


if __name__ == "__main__":
    main()
