"""Mutations of XML documents: each makes one small change of a kind that a hand or a fault could make."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

Mutation = Callable[[Any, random.Random], bool]


def mutants(root: Any, count: int, seed: int) -> Iterator[tuple[str, Any]]:
    """`count` mutants of a document, each with the name of its mutation; the same for the same seed."""
    chance = random.Random(seed)
    names = sorted(MUTATIONS)
    made = 0
    while made < count:
        name = names[made % len(names)]
        mutant = copy.deepcopy(root)
        if MUTATIONS[name](mutant, chance):
            yield name, etree.fromstring(etree.tostring(mutant))
        made += 1


def _pick(root: Any, chance: random.Random) -> Any:
    return chance.choice([element for element in root.iter() if isinstance(element.tag, str)])


def _inner(root: Any, chance: random.Random) -> Any:
    found = [element for element in root.iter() if isinstance(element.tag, str) and element.getparent() is not None]
    return chance.choice(found)


def drop_element(root: Any, chance: random.Random) -> bool:
    element = _inner(root, chance)
    element.getparent().remove(element)
    return True


def duplicate_element(root: Any, chance: random.Random) -> bool:
    element = _inner(root, chance)
    element.addnext(copy.deepcopy(element))
    return True


def rename_element(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    element.tag = element.tag + chance.choice(["X", "s", "_"])
    return True


def swap_siblings(root: Any, chance: random.Random) -> bool:
    element = _inner(root, chance)
    after = element.getnext()
    if after is None:
        return False
    after.addnext(element)
    return True


def move_element(root: Any, chance: random.Random) -> bool:
    element, place = _inner(root, chance), _pick(root, chance)
    if place is element or element in place.iterancestors() or place in element.iter():
        return False
    place.append(element)
    return True


def other_namespace(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    local = etree.QName(element).localname
    element.tag = chance.choice([local, f"{{urn:other}}{local}", f"{{http://www.loc.gov/METS/}}{local}x"])
    return True


def foreign_element(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    etree.SubElement(element, chance.choice(["{urn:other}extra", "extra", "{http://www.loc.gov/mods/v3}note"]))
    return True


def drop_attribute(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    if not element.attrib:
        return False
    del element.attrib[chance.choice(sorted(element.attrib))]
    return True


def rename_attribute(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    if not element.attrib:
        return False
    name = chance.choice(sorted(element.attrib))
    element.set(name + "x", element.attrib.pop(name))
    return True


def add_attribute(root: Any, chance: random.Random) -> bool:
    names = [
        "ID",
        "TYPE",
        "type",
        "lang",
        "{http://www.w3.org/1999/xlink}href",
        "{urn:other}x",
        "version",
        "SEQ",
        "xyz",
    ]
    _pick(root, chance).set(chance.choice(names), chance.choice(["1", "x y", "", "DMD_ISSUE"]))
    return True


def change_attribute(root: Any, chance: random.Random) -> bool:
    element = _pick(root, chance)
    if not element.attrib:
        return False
    values = [
        "",
        " ",
        "x",
        "-1",
        "1.5",
        "2020-13-45",
        "a b",
        "0x10",
        "%%",
        "SHA-1024",
        "9" * 40,
        "é",
        "premis:bitstream",
    ]
    element.set(chance.choice(sorted(element.attrib)), chance.choice(values))
    return True


def copy_attribute(root: Any, chance: random.Random) -> bool:
    first, second = _pick(root, chance), _pick(root, chance)
    if not first.attrib or first is second:
        return False
    name = chance.choice(sorted(first.attrib))
    second.set(name, first.get(name))
    return True


def change_text(root: Any, chance: random.Random) -> bool:
    leaves = [element for element in root.iter() if isinstance(element.tag, str) and len(element) == 0 and element.text]
    if not leaves:
        return False
    values = ["", "   ", "x", "-1", "1.5", "2020-02-30", "tomorrow", "2020-01-01T25:00:00", "<>", "9" * 40]
    chance.choice(leaves).text = chance.choice(values)
    return True


def text_where_none_belongs(root: Any, chance: random.Random) -> bool:
    parents = [element for element in root.iter() if isinstance(element.tag, str) and len(element)]
    if not parents:
        return False
    chance.choice(parents).text = "stray words"
    return True


MUTATIONS: dict[str, Mutation] = {
    function.__name__: function
    for function in (
        drop_element, duplicate_element, rename_element, swap_siblings, move_element, other_namespace, foreign_element,
        drop_attribute, rename_attribute, add_attribute, change_attribute, copy_attribute, change_text,
        text_where_none_belongs,
    )
}  # fmt: skip
