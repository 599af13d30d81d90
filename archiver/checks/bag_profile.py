"""Rules for a bag and the BagIt profile it is judged by: tags, version, serialisation, and the profile itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.bag_profile import IDENTIFIER, ProfiledBag, Serialization, TagRule, same_form
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.bag import InfoTag

_BAG_INFO = "BagIt Profiles 1.4, Bag-Info"
_INFO = "bag-info.txt"
_ASK = "Ask whoever made the bag to make it again by the profile."
_SHOWN = 10  # values named in a sentence


@check("BPR-001", "The bag has the bag-info.txt that every profile requires",
       "BagIt Profiles 1.4, Implementation Details", needs="bag-profile")  # fmt: skip
def has_bag_info(bag: ProfiledBag) -> Iterator[Fault]:
    """Where bag-info.txt is missing, so is all that the profile asks of it."""
    if _INFO not in bag.contents.tag_files:
        yield Fault(f"{_INFO} is missing", _INFO, remedy=_ASK)


@check("BPR-002", "The bag names the profile it is judged by", "BagIt Profiles 1.4, Implementation Details",
       needs="bag-profile")  # fmt: skip
def names_profile(bag: ProfiledBag) -> Iterator[Fault]:
    """One of its BagIt-Profile-Identifier tags has the identifier of the profile."""
    _need_info(bag)
    tags = _tags(bag, IDENTIFIER)
    if any(_value(tag) == bag.profile.identifier for tag in tags):
        return
    if not tags:
        yield Fault(f"{IDENTIFIER} is missing; the profile is {bag.profile.identifier}", _INFO, remedy=_ASK)
        return
    named = ", ".join(_value(tag) or "nothing" for tag in tags[:_SHOWN])
    yield Fault(f"{IDENTIFIER} names {named}; the profile is {bag.profile.identifier}", _INFO, tags[0].line,
                "Judge the bag by the profile that it names, or ask whoever made it.")  # fmt: skip


@check("BPR-003", "Every tag that the profile requires is there", _BAG_INFO, needs="bag-profile")
def required_tags(bag: ProfiledBag) -> Iterator[Fault]:
    """Each label with `required`; a tag without a value is there, and says nothing."""
    _need_info(bag)
    for rule in bag.profile.tags:
        if not rule.required:
            continue
        tags = _tags(bag, rule.label)
        if not tags:
            yield Fault(f"{rule.label} is missing{_meaning(rule)}", _INFO, remedy=_ASK)
        elif not any(_value(tag) for tag in tags):
            yield Fault(f"{rule.label} is there and has no value{_meaning(rule)}", _INFO, tags[0].line, _ASK,
                        Severity.WARNING)  # fmt: skip


@check("BPR-004", "Every tag that the profile recommends is there", _BAG_INFO, needs="bag-profile",
       severity=Severity.WARNING)  # fmt: skip
def recommended_tags(bag: ProfiledBag) -> Iterator[Fault]:
    """Each label with `recommended`, as profiles in wide use have it."""
    _need_info(bag)
    for rule in bag.profile.tags:
        if rule.recommended and not rule.required and not any(_value(tag) for tag in _tags(bag, rule.label)):
            yield Fault(f"{rule.label} is missing{_meaning(rule)}", _INFO, remedy="Give it when the bag is made.")


@check("BPR-005", "Tags have values that the profile accepts", _BAG_INFO, needs="bag-profile")
def accepted_values(bag: ProfiledBag) -> Iterator[Fault]:
    """Each value of a repeated tag; letters, spaces and all."""
    _need_info(bag)
    for rule in bag.profile.tags:
        for tag in _tags(bag, rule.label) if rule.values else ():
            if _value(tag) not in rule.values:
                more = f" and {len(rule.values) - _SHOWN} more" if len(rule.values) > _SHOWN else ""
                accepted = ", ".join(map(repr, rule.values[:_SHOWN])) + more
                yield Fault(f"{rule.label} is {_value(tag)!r}; accepted: {accepted}", _INFO, tag.line, _ASK)


@check("BPR-006", "Tags that the profile has once stand once", _BAG_INFO, needs="bag-profile")
def repeated_tags(bag: ProfiledBag) -> Iterator[Fault]:
    """Labels compare without case."""
    _need_info(bag)
    for rule in bag.profile.tags:
        tags = _tags(bag, rule.label)
        if not rule.repeatable and len(tags) > 1:
            lines = ", ".join(str(tag.line) for tag in tags[:_SHOWN])
            yield Fault(f"{rule.label} stands {len(tags)} times (lines {lines}); it may stand once", _INFO,
                        tags[1].line, _ASK)  # fmt: skip


@check("BPR-018", "The bag is serialised, or not, as the profile says", "BagIt Profiles 1.4, Serialization",
       needs="bag-profile")  # fmt: skip
def serialised(bag: ProfiledBag) -> Iterator[Fault]:
    """A folder is not serialised; a zip or tar file is."""
    if bag.profile.serialization is Serialization.REQUIRED and bag.serialization is None:
        accepted = ", ".join(bag.profile.accept_serialization)
        yield Fault(f"the bag is a folder; the profile requires one file ({accepted})",
                    remedy="Serialise it: archiver bag serialise.")  # fmt: skip
    if bag.profile.serialization is Serialization.FORBIDDEN and bag.serialization is not None:
        yield Fault(f"the bag is one file ({bag.serialization}); the profile requires a folder",
                    remedy="Unpack it, and validate the folder.")  # fmt: skip


@check("BPR-019", "The form of serialisation is one that the profile accepts",
       "BagIt Profiles 1.4, Accept-Serialization", needs="bag-profile")  # fmt: skip
def accepted_serialization(bag: ProfiledBag) -> Iterator[Fault]:
    """By MIME type, under whatever name profiles give a form."""
    accepted = bag.profile.accept_serialization
    if bag.serialization is None or bag.profile.serialization is Serialization.FORBIDDEN:
        return  # BPR-018 tells
    if not accepted:
        raise Skip("the profile names no form of serialisation")
    if not any(same_form(bag.serialization, form) for form in accepted):
        yield Fault(f"the bag is {bag.serialization}; accepted: {', '.join(accepted)}",
                    remedy="Serialise it in a form that is accepted: archiver bag serialise.")  # fmt: skip


@check("BPR-020", "The version of BagIt is one that the profile accepts", "BagIt Profiles 1.4, Accept-BagIt-Version",
       needs="bag-profile")  # fmt: skip
def accepted_version(bag: ProfiledBag) -> Iterator[Fault]:
    """The version of bagit.txt."""
    if bag.contents.version not in bag.profile.accept_versions:
        found = bag.contents.version or "none that could be read"
        yield Fault(f"the version is {found}; accepted: {', '.join(bag.profile.accept_versions)}", "bagit.txt", 1,
                    _ASK)  # fmt: skip


@check("BPR-021", "The profile keeps to the specification", "BagIt Profiles 1.4, Implementation Details",
       needs="bag-profile", severity=Severity.NOTICE)  # fmt: skip
def sound_profile(bag: ProfiledBag) -> Iterator[Fault]:
    """What is odd about the profile itself, and speaks of no bag; keys that nobody knows have a rule of their own."""
    yield from _remarks(bag, unknown=False)


@check("BPR-022", "Every key of the profile is known", "BagIt Profiles 1.4, Implementation Details",
       needs="bag-profile", severity=Severity.NOTICE)  # fmt: skip
def known_keys(bag: ProfiledBag) -> Iterator[Fault]:
    """A key that is not known was not looked at: what it asks is not judged."""
    yield from _remarks(bag, unknown=True)


def _remarks(bag: ProfiledBag, *, unknown: bool) -> Iterator[Fault]:
    for remark in bag.profile.remarks:
        if remark.unknown_key is unknown:
            yield Fault(f"the profile {bag.profile.origin}, {remark.place}: {remark.words}",
                        remedy="Nothing is wrong with the bag; tell whoever publishes the profile.",
                        severity=remark.severity)  # fmt: skip


def _need_info(bag: ProfiledBag) -> None:
    if _INFO not in bag.contents.tag_files:
        raise Skip(f"{_INFO} is missing: BPR-001 tells")


def _tags(bag: ProfiledBag, label: str) -> list[InfoTag]:
    return [tag for tag in bag.contents.info if tag.label.lower() == label.lower()]


def _value(tag: InfoTag) -> str:
    """A value as it reads: folded lines are one line."""
    return " ".join(tag.value.split("\n")).strip()


def _meaning(rule: TagRule) -> str:
    words = " ".join(rule.description.split())
    return f" ({words[:200]})" if words else ""
