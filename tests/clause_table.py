"""The table of docs/clauses.md: clause of RFC 8493 → rule → the bags in our tests that the rule finds fault with.

python tests/clause_table.py    writes it anew
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import test_bag_rules
import test_bag_serialised

from archiver import plugs

PAGE = Path(__file__).parents[1] / "docs" / "clauses.md"
HEAD = """# Clauses of RFC 8493, the rules that enforce them, and their tests

Each rule has a page in [rules](rules/). A test is a bag of `tests/test_bag_rules.py`, by its name there, that is right
but for one thing, and in which the rule must find it; for the rules of archives, one of `tests/test_bag_serialised.py`.
`python tests/clause_table.py` writes this table.

| clause | rule | what it checks | tests |
|---|---|---|---|
"""
# Rules whose check breaks rather than finds, or that are about a name, have tests of their own.
ELSEWHERE = {
    "BAG-008": "test_bag_rules.py: test_a_manifest_of_an_unknown_algorithm_is_no_proof",
    "BAG-041": "test_bag_serialised.py: test_every_rule_for_archives_is_seen_to_find_something",
    "FIX-004": "test_bag_reader.py: test_what_may_not_be_read_is_listed_and_the_rest_is_judged",
}
_SECTION = re.compile(r"§([0-9.]+)")


def bags() -> dict[str, list[str]]:
    """The names of the bags that each rule finds fault with."""
    found: dict[str, list[str]] = {}
    for cases in (test_bag_rules.CASES, test_bag_rules.CHANGES):
        for name, (_build, codes, _severity) in cases.items():
            for code in codes:
                found.setdefault(code, []).append(name)
    for name, (_make, _suffix, codes) in test_bag_serialised.HOSTILE.items():
        for code in sorted(codes & {known.rule.code for known in plugs.checks("archive")}):
            found.setdefault(code, []).append(name)
    return found


def _order(section: str) -> tuple[int, ...]:
    return tuple(int(part) for part in section.split(".") if part)


def rows() -> list[str]:
    """A row for each clause and rule, in the order of the standard; what enforces no clause comes last."""
    tests = bags()
    found: list[tuple[tuple[int, ...], str]] = []
    for known in (*plugs.checks("bag"), *plugs.checks("archive")):
        rule = known.rule
        names = "; ".join(tests.get(rule.code, [])) or ELSEWHERE[rule.code]
        for section in _SECTION.findall(rule.clause) or [""]:
            clause = f"§{section}" if section else rule.clause
            words = f"| {clause} | [{rule.code}](rules/{rule.code}.md) | {rule.title} | {names} |\n"
            found.append((_order(section) or (99,), words))
    return [words for _order_, words in sorted(found)]


def page() -> str:
    """The whole page."""
    return HEAD + "".join(rows())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
