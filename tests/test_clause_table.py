"""docs/clauses.md is what rules and tests make of it, and names no clause without a rule."""

from __future__ import annotations

import clause_table
import pytest

from archiver import plugs

NORMATIVE = ("2.1.1", "2.1.2", "2.1.3", "2.2.1", "2.2.2", "2.2.3", "2.3", "2.4", "3", "4", "5.1", "5.2")


def test_the_table_is_up_to_date() -> None:
    assert clause_table.PAGE.read_text(encoding="utf-8") == clause_table.page()


@pytest.mark.parametrize("section", NORMATIVE)
def test_every_normative_clause_has_a_rule(section: str) -> None:
    assert f"| §{section} | [" in clause_table.page()


def test_every_rule_for_bags_is_in_the_table_with_a_test() -> None:
    tests = clause_table.bags()
    for known in (*plugs.checks("bag"), *plugs.checks("archive")):
        code = known.rule.code
        assert f"[{code}]" in clause_table.page()
        assert code in tests or code in clause_table.ELSEWHERE, code
