"""A proposed profile as TOML, each value with the line it was read from, what is uncertain behind a comment mark."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from archiver.model.printed import Calendar, NumberKind
from archiver.profiles import WEEKDAYS
from archiver.serials.masthead_words import ARTICLES, EAST_ASIAN_PUNCTUATION, FREQUENCIES, ROLES
from archiver.serials.tongues import tongue

if TYPE_CHECKING:
    from archiver.model.printed import FoundNumbering
    from archiver.serials.masthead_proposal import Proposal, ProposedForm

_COMMENT_COLUMN = 36
_NOTICED = ("issn", "lccn", "cn", "permit-number")  # said in the head of the profile; the forms read them anew


def profile_text(proposal: Proposal, identifier: str, source: str) -> str:
    """The profile as the text of a TOML file."""
    lines = [
        f"# Serial profile, proposed from the masthead of {_comment(source)}.",
        "# Compare every value with other issues before it is used; docs/profiles.md explains each key. A line that",
        "# begins with # is a comment: what could not be read surely stands behind one.",
        *_identifiers(proposal),
        "",
        "[serial]",
        *_serial(proposal, identifier),
        "",
        *_parallel(proposal),
        "[numbering]",
        *_numbering(proposal),
        "",
        "[masthead]",
        *_required(proposal),
        *([] if proposal.issued else ["# No date was found: add a form with the groups year, month and day."]),
        *[line for form in proposal.forms for line in _form(form)],
        "",
        "[articles]",
        *_articles(proposal),
    ]
    return "\n".join(lines) + "\n"


def _identifiers(proposal: Proposal) -> list[str]:
    return [
        f"# line {value.line}: {kind.removesuffix('-number').upper()} {_comment(value.value)}"
        + (f" – {value.remark}" if value.remark else " – the check digit is right" if kind == "issn" else "")
        for kind in _NOTICED
        for value in proposal.values.get(kind, [])
    ]


def _serial(proposal: Proposal, identifier: str) -> list[str]:
    title, language = proposal.title, proposal.tongue
    told = "told by the text" if language.sure else "only likely: compare"
    publisher = next(iter(proposal.values.get("publisher", [])), None)
    lines = [
        _pair("id", identifier, "begins the name of every package; never change it once there is one"),
        _pair("title", title.value if title else "", f"line {title.line}" if title else ""),
    ]
    if language.language == "chi":
        lines.append(
            _pair("romanised", "…", "with words divided as the house does; else syllable by syllable", off=True)
        )
    lines += [
        _pair("language", language.language, f"ISO 639-2/B; {told}"),
        _pair("script", language.script, f"ISO 15924; {told}"),
    ]
    if publisher is not None:
        lines.append(_pair("publisher", publisher.value, f"line {publisher.line}"))
    else:
        lines.append(_pair("publisher", "…", "not found in the masthead", off=True))
    lines.append(_pair("country", "…", "MARC country code", off=True))
    lines += _rhythm(proposal)
    if any(found.calendar is Calendar.CHINESE for _line, found in proposal.dates):
        line = next(line for line, found in proposal.dates if found.calendar is Calendar.CHINESE)
        lines.append(_pair("calendar", "chinese", f"line {line}: a Chinese date beside the Gregorian one"))
    said = next(iter(proposal.values.get("statement", [])), None)
    remark = f"line {said.line}: {said.value}" if said else "until an archivist clears it"
    lines.append(_pair("access", "restricted", remark))
    return lines


def _rhythm(proposal: Proposal) -> list[str]:
    """Frequency where the masthead states it, and the weekday of the issue date."""
    lines = []
    stated = _frequency(proposal)
    if stated is not None:
        lines.append(_pair("frequency", stated[0], f"line {stated[1]}: {stated[2]}"))
    else:
        lines.append(
            _pair("frequency", "weekly", "not stated: daily, weekly, fortnightly, monthly or irregular", off=True)
        )
    if proposal.issued is not None and (stated is None or stated[0] not in {"daily", "monthly"}):
        sure = stated is not None
        remark = f"of {proposal.issued.isoformat()}" + ("" if sure else "; one issue does not tell whether of all")
        lines.append(_pair("weekday", WEEKDAYS[proposal.issued.weekday()], remark, off=not sure))
    return lines


def _frequency(proposal: Proposal) -> tuple[str, int, str] | None:
    for form in proposal.forms:
        for line, printed in zip(form.lines, form.printed, strict=True):
            for frequency, pattern in FREQUENCIES:
                found = re.search(pattern, printed, re.IGNORECASE)
                if found:
                    return frequency, line, found.group()
    return None


def _parallel(proposal: Proposal) -> list[str]:
    title = proposal.parallel
    if title is None:
        return []
    found = tongue(title.value)
    return [
        "[[serial.parallel-titles]]",
        _pair("title", title.value, f"line {title.line}; as printed"),
        _pair("language", found.language, "only likely: compare"),
        _pair("script", found.script),
        "",
    ]


def _numbering(proposal: Proposal) -> list[str]:
    whole, issue, volume = (proposal.number(kind) for kind in (NumberKind.WHOLE, NumberKind.ISSUE, NumberKind.VOLUME))
    kind, read, width = "issue", issue, 5
    if whole is not None and not whole[1].combined:
        kind, read = "whole", whole
    elif volume is not None and issue is not None:
        kind, width = "volume-issue", 4
    lines = [_pair("package-number", kind, _read(read))]
    restarts = "volume" if volume is not None else "year" if whole is not None and issue is not None else "never"
    lines.append(_pair("restarts", restarts, "when issue 1 comes round again; one issue does not tell", off=True))
    lines.append(f"width = {width}")
    if read is None:
        lines.append(
            "# No number was found: an issue cannot be named without one. Add a form with the group (?P<issue>…)."
        )
    return lines


def _read(found: tuple[int, FoundNumbering] | None) -> str:
    return f"line {found[0]}: {found[1].printed}" if found else "no number was found"


def _required(proposal: Proposal) -> list[str]:
    names = ["title", "issue-date"]
    kinds = {NumberKind.VOLUME: "volume", NumberKind.ISSUE: "issue-number", NumberKind.WHOLE: "whole-number"}
    names += [name for kind, name in kinds.items() if proposal.number(kind) is not None]
    return [f"required = {json.dumps(names)}"]


def _form(form: ProposedForm) -> list[str]:
    comments = [f"# line {line}: {_comment(printed)}" for line, printed in zip(form.lines, form.printed, strict=True)]
    if form.remark:
        comments.append(f"# {_comment(form.remark)}")
    mark = "# " if form.uncertain else ""
    body = ["[[masthead.forms]]", *(["exact = true"] if form.exact else [])]
    body.append(f"lines = [{', '.join(_pattern(pattern) for pattern in form.patterns)}]")
    return ["", *comments, *(mark + line for line in body)]


def _articles(proposal: Proposal) -> list[str]:
    language = proposal.tongue.language
    at = proposal.headline_line
    where = f"line {at}" if at else "no headline was found: headings are expected"
    lines = [f"headline = {_pattern(proposal.headline)}".ljust(_COMMENT_COLUMN) + f"  # {where}"]
    lines.append("# How transcripts in this language are usually written; compare them with yours.")
    lines += [f"{key} = {_pattern(pattern)}" for key, pattern in ARTICLES[language]]
    lines.append(_pair("default-role", "rpt" if language in {"chi", "jpn"} else "aut", "MARC relator code"))
    if language in {"chi", "jpn"}:
        terminators, closers = EAST_ASIAN_PUNCTUATION
        label = "{han}版" if language == "chi" else "{page}面"
        lines += [f"{key} = {_string(value)}" for key, value in (
            ("page-label", label), ("terminators", terminators), ("closers", closers), ("line-join", ""),
            ("column-join", ""),
        )]  # fmt: skip
    else:
        label = {"ger": "Seite {page}"}.get(language, "Page {page}")
        lines += [_pair("role-position", "after"), f"page-label = {_string(label)}"]
        lines.append(_pair("column-join", " ", "a hyphen at the break goes instead"))
    lines += ["", "[articles.roles]"]
    return [*lines, *(f"{_string(word)} = {_string(code)}" for word, code in ROLES[language])]


def _pair(key: str, value: str, comment: str = "", *, off: bool = False) -> str:
    pair = f"{'# ' if off else ''}{key} = {_string(value)}"
    return f"{pair.ljust(_COMMENT_COLUMN)}  # {_comment(comment)}" if comment else pair


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pattern(pattern: str) -> str:
    """A pattern in single quotation marks, where a backslash stays one; in double ones when it has a single itself."""
    return f"'{pattern}'" if "'" not in pattern and "\x7f" not in pattern else _string(pattern)


def _comment(text: str) -> str:
    """Words for a comment: no control character may stand in one."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
