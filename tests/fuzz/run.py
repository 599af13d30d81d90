"""Fuzz the readers: `python tests/fuzz/run.py [--target NAME] [--runs N] [--seconds S] [--seed N] [--engine own]`.

Without `--target`, every target gets an equal share. Inputs that break a promise are kept in build/fuzz/found, and the
exit status is 1; executions are counted in build/fuzz/counts.jsonl, and `--totals` adds them up.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent)]

from fuzz.engine import Outcome, corpus, has_atheris, name_of, run_guided, run_own  # noqa: E402
from fuzz.everything import TARGETS  # noqa: E402

CORPUS = HERE / "corpus"
LONGEST_KEPT = 4096  # bytes of an input that is added to the corpus


def main() -> int:
    options = _options()
    counts = options.build / "counts.jsonl"
    if options.totals:
        print(totals(counts))
        return 0
    names = options.target or list(TARGETS)
    engine = options.engine or ("atheris" if has_atheris() else "own")
    options.build.mkdir(parents=True, exist_ok=True)
    failed = False
    for name in names:
        outcome = _run(name, engine, options)
        with counts.open("a", encoding="utf-8") as log:
            row = {"target": name, "engine": engine, "seed": options.seed, "executions": outcome.executions,
                   "seconds": round(outcome.seconds, 1), "crashes": len(outcome.crashes)}  # fmt: skip
            log.write(json.dumps(row) + "\n")
        rate = outcome.executions / max(outcome.seconds, 0.001)
        print(f"{name:<14} {outcome.executions:>10,} executions, {rate:>8,.0f} a second ({engine})", flush=True)
        if options.keep:
            _keep(outcome, options.keep)
        for path, words in outcome.crashes:
            failed = True
            print(f"  {path}\n    {words}", flush=True)
    return 1 if failed else 0


def _run(name: str, engine: str, options: argparse.Namespace) -> Outcome:
    target, found = TARGETS[name], options.build / "found"
    folders = [CORPUS / name]
    if engine == "own":
        return run_own(target, options.runs, options.seconds, options.seed, folders, found)
    return run_guided(
        target, options.runs, options.seconds, options.seed, folders, options.build / "corpus" / name, found
    )


def _keep(outcome: Outcome, most: int) -> None:
    """Add to the corpus the shortest inputs that show each thing that was seen, unless a seed shows it."""
    target, folder = TARGETS[outcome.target], CORPUS / outcome.target
    seeds = set(corpus(target, []))
    new = sorted({data for data in outcome.shortest.values() if data not in seeds}, key=lambda data: (len(data), data))
    for data in [data for data in new if len(data) <= LONGEST_KEPT][:most]:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name_of(data)).write_bytes(data)


def totals(counts: Path) -> str:
    """A table of executions by target, of every run that was logged."""
    rows = [json.loads(line) for line in counts.read_text(encoding="utf-8").splitlines()] if counts.exists() else []
    table = {name: [row for row in rows if row["target"] == name] for name in sorted({row["target"] for row in rows})}
    lines = ["| target | executions | hours |", "|---|---:|---:|"]
    for name, own in {**table, "all": rows}.items():
        executions, seconds = sum(row["executions"] for row in own), sum(row["seconds"] for row in own)
        lines.append(f"| {name} | {executions:,} | {seconds / 3600:.2f} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--runs", type=int, default=20_000, help="executions of each target")
    parser.add_argument("--seconds", type=float, default=600, help="the longest time for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("own", "atheris"), help="atheris when it is installed, else our own")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "fuzz", help="where findings and counts go")
    parser.add_argument("--keep", type=int, default=0, metavar="N", help="add at most N inputs of each to the corpus")
    parser.add_argument("--totals", action="store_true", help="print what was counted so far, and run nothing")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
