"""Time and memory of very large bags: completeness without reading the payload, and manifests of a million lines.

    python benchmarks/many_files.py [--files 300000] [--lines 1000000] [--folder /dev/shm]

Completeness is what a program asks before it spends hours on reading: is every listed file there, and nothing else? The
payload is empty files, so that time and memory are those of names and manifests alone.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMPLETE = """
import resource, sys, time
from pathlib import Path
from archiver import plugs
from archiver.packages.bag import Bag
begun = time.perf_counter()
contents = Bag.open(Path(sys.argv[1])).contents(measure=False)
missing = sum(contents.place(path) is None for manifest in contents.manifests for path in manifest.entries)
listed = contents.manifests[0].entries
extra = sum(path not in listed for path in contents.payload)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"{len(contents.payload)} files, {len(listed)} lines, {missing} missing, {extra} unlisted: "
      f"{time.perf_counter() - begun:.2f} s, {memory} MiB")
"""
FAST = """
import resource, sys, time, bagit
begun = time.perf_counter()
bagit.Bag(sys.argv[1]).validate(fast=True)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(f"bagit-python, fast: {time.perf_counter() - begun:.2f} s, {memory} MiB")
"""


def make(bag: Path, files: int, lines: int) -> None:
    """A bag of empty files; beyond `files`, the manifest lists files that are not there."""
    empty = hashlib.sha512(b"").hexdigest()
    bag.mkdir(parents=True)
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    for folder in range(-(-files // 1000)):
        place = bag / "data" / f"folder-{folder:05}"
        place.mkdir(parents=True)
        for number in range(min(1000, files - folder * 1000)):
            (place / f"page-{number:05}.tif").touch()
    (bag / "data").mkdir(exist_ok=True)
    with (bag / "manifest-sha512.txt").open("w") as stream:
        for number in range(lines):
            stream.write(f"{empty}  data/folder-{number // 1000:05}/page-{number % 1000:05}.tif\n")
    (bag / "bag-info.txt").write_text(f"Payload-Oxum: 0.{files}\n")


def _run(code: str, bag: Path) -> None:
    sys.stdout.flush()
    subprocess.run([sys.executable, "-c", code, str(bag)], check=True)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=30_000)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--peer", action="store_true", help="ask bagit-python as well, which takes long")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        bag = Path(folder) / "bag"
        make(bag, arguments.files, arguments.files)
        for code in (COMPLETE, FAST) if arguments.peer else (COMPLETE,):
            print(
                subprocess.run(
                    [sys.executable, "-c", code, str(bag)], check=True, capture_output=True, text=True
                ).stdout
            )
        for lines in (arguments.lines // 10, arguments.lines):
            shutil.rmtree(bag)
            make(bag, 0, lines)
            print(
                subprocess.run(
                    [sys.executable, "-c", COMPLETE, str(bag)], check=True, capture_output=True, text=True
                ).stdout
            )


if __name__ == "__main__":
    main()
