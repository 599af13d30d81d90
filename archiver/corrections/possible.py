"""Whether a value can be what the archivist sets it to: a date that is one, a number, an ISSN with its check digit."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from archiver.serials import calendars
from archiver.serials.identifiers import issn_trouble, read_identifiers

if TYPE_CHECKING:
    from archiver.model.profile import SerialProfile

_NUMBER = re.compile(r"[^\W_]+(?:[-/–.][^\W_]+)*")  # 18, 9-10, 3/4, 12a; no caption, no blank
_LARGEST = {"whole-number": 999_999_999, "page": 9_999}
_RELATOR = re.compile("[a-z]{3}")


def trouble(field: str, value: str, profile: SerialProfile) -> str:
    """Why a field cannot have a value, in words that go on from "…: "; empty when it can."""
    if field == "issue-date":
        return "" if day(value) is not None else "a date is written 2021-05-09, and must be one"
    if field == "weekday":
        return "" if calendars.weekday_printed(value) is not None else "it names no day of the week"
    if field == "lunar-date":
        return "" if calendars.chinese_date_printed(value) is not None else "it is no Chinese date"
    if field in _LARGEST:
        sound = value.isdecimal() and value.isascii() and len(value) <= 9 and 0 < int(value) <= _LARGEST[field]
        return "" if sound else f"it must be a number from 1 to {_LARGEST[field]}"
    if field in {"issue-number", "volume"}:
        return "" if _NUMBER.fullmatch(value) else "it must be a number without its caption, such as 18 or 9-10"
    if field == "issn":
        return issn_trouble(value)
    if field in {"lccn", "cn-number"}:
        label = "LCCN" if field == "lccn" else "CN"
        found = read_identifiers(f"{label} {value}")
        whole = len(found) == 1 and found[0].end == len(label) + 1 + len(value)
        return "" if whole else f"it is not written as an {label} is" if field == "lccn" else "it is no CN number"
    if field == "byline-role":
        return "" if _RELATOR.fullmatch(value) else "a role is a MARC relator code of three letters, such as aut or rpt"
    if field == "parallel-title":
        known = [title.text for title in profile.parallel_titles]
        return "" if value in known else "the profile has no such parallel title: add it there"
    return ""


def day(value: str) -> datetime.date | None:
    """The day of an ISO 8601 date (2021-05-09); None when it is none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None
