"""How fast batches are accessioned, and in how much memory, beside the making of a bag of the same files.

    python benchmarks/batch_speed.py [--texts 1000] [--issues 40] [--jobs 2] [--folder /dev/shm]

Issues with images have 8 uncompressed TIFF of 2 MiB and 8 ALTO files of 60 KiB each; the files of all issues are names
of the same few on the disk, so that a thousand of them fit. The engine is `archiver bag` on the same folders: copied,
digested, verified by a second read, published durably, and nothing described.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

FIRST = date(1990, 1, 6)  # a Saturday
WORDS = "The lamp was lit upon the quay by the keeper of the harbour, and it burned all night. "


def text_issue(number: int) -> str:
    """A transcript of some 5 KiB with six articles."""
    day = FIRST + timedelta(weeks=number)
    head = f"# The Saltmarsh Weekly Courier\n\nVol. {number // 52 + 1}, No. {number % 52 + 1}\n\n"
    head += f"{day:%A}, {day.day} {day:%B %Y}\n\n"
    return head + "".join(f"## Article {each} of {number}\n\n{WORDS * 9}\n\n" for each in range(6))


def tiff(width: int, height: int, shade: int) -> bytes:
    """An uncompressed grey TIFF of one strip."""
    pixels = bytes((shade + row) % 251 for row in range(height)) * width
    entries = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, height)]
    entries += [(279, len(pixels))]
    offset = 8 + 2 + 12 * len(entries) + 4
    body = b"".join(struct.pack("<HHII", tag, 4, 1, offset if tag == 273 else value) for tag, value in entries)
    return struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", len(entries)) + body + bytes(4) + pixels


def alto(page: int) -> bytes:
    """An ALTO document of some 60 KiB."""
    lines = "".join(
        f'<TextLine ID="l{line}" HPOS="10" VPOS="{line * 9}" WIDTH="900" HEIGHT="8">'
        + "".join(f'<String ID="s{line}_{word}" CONTENT="word{page}" HPOS="{word * 90}" VPOS="{line * 9}"'
                  f' WIDTH="80" HEIGHT="8" WC="0.91"/>' for word in range(5))
        + "</TextLine>" for line in range(95)
    )  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>'
        '<MeasurementUnit>pixel</MeasurementUnit></Description><Layout><Page ID="p" WIDTH="1448" HEIGHT="1448">'
        f'<PrintSpace><TextBlock ID="b">{lines}</TextBlock></PrintSpace></Page></Layout></alto>\n'
    ).encode()


def make_texts(folder: Path, count: int) -> Path:
    """A sheet of transcripts."""
    rows = []
    for number in range(count):
        (folder / f"i{number:05}.md").write_text(text_issue(number), encoding="utf-8")
        rows.append([f"i{number:05}.md", "saltmarsh-courier", "", ""])
    return sheet(folder, rows)


def make_pages(folder: Path, count: int) -> Path:
    """A sheet of folders of page images."""
    kept = folder / "kept"
    kept.mkdir()
    for page in range(1, 9):
        (kept / f"{page:04}.tif").write_bytes(tiff(1448, 1448, page))
        (kept / f"{page:04}.xml").write_bytes(alto(page))
    rows = []
    for number in range(count):
        day = FIRST + timedelta(weeks=number)
        (folder / "issues" / day.isoformat()).mkdir(parents=True)
        for file in kept.iterdir():
            os.link(file, folder / "issues" / day.isoformat() / file.name)
        rows.append([f"issues/{day}", "saltmarsh-courier", str(number // 52 + 1), str(number % 52 + 1)])
    return sheet(folder, rows)


def sheet(folder: Path, rows: list[list[str]]) -> Path:
    """The sheet of a batch."""
    with (folder / "batch.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["folder", "serial", "volume", "number"])
        writer.writerows(rows)
    return folder / "batch.csv"


def timed(command: list[str], cwd: Path) -> tuple[float, int]:
    """Seconds of wall time, and the peak of the largest process in MiB."""
    watch = command
    peak = 0
    begun = time.perf_counter()
    process = subprocess.Popen(watch, cwd=cwd, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in (process.pid, *children(process.pid)):
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            found = re.search(r"VmHWM:\s+(\d+)", status)
            peak = max(peak, int(found[1]) // 1024 if found else 0)
        time.sleep(0.05)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - begun, peak


def children(pid: int) -> list[int]:
    """Processes that a process started."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def run(words: list[str], cwd: Path) -> tuple[float, int]:
    """An archiver command, timed."""
    return timed([sys.executable, "-m", "archiver.cli", *words], cwd)


def main() -> None:
    """Make the batches, accession them, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--issues", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        place = Path(name)
        for kind, count, make in (("texts", arguments.texts, make_texts), ("pages", arguments.issues, make_pages)):
            if not count:
                continue
            source, desk = place / kind, place / f"{kind}-desk"
            source.mkdir()
            listing = make(source, count)
            run(["init", str(desk)], place)
            words = ["accession", "--batch", str(listing), "--result", str(place / f"{kind}.csv"), "--jobs"]
            seconds, peak = run([*words, str(arguments.jobs), "--output", str(place / "report")], desk)
            rate = f"{count / seconds:.1f} a second, {peak} MiB"
            print(f"{count} issues ({kind}), {arguments.jobs} jobs: {seconds:.2f} s, {rate}", flush=True)
            if kind == "pages":
                engine, _peak = run(["bag", str(source / "issues"), "-o", str(place / "bag"),
                                     "--algorithm", "sha512", "--algorithm", "sha256"], place)  # fmt: skip
                print(f"  the engine, archiver bag: {engine:.2f} s; accession takes {seconds / engine:.2f} × as long")


if __name__ == "__main__":
    main()
