"""BagIt profiles with the shape of those in wide use: their keys and kinds of value, in words of our own."""

from __future__ import annotations

from typing import Any

Profile = dict[str, Any]
HERE = "https://profiles.example.org/"


def plain(**changes: Any) -> Profile:
    """The least that is a profile, changed key by key (`_` for `-`, `__` for `.`); None takes a key out."""
    profile: Profile = {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": f"{HERE}plain-1.json",
            "BagIt-Profile-Version": "1.4.0",
            "Source-Organization": "The library",
            "External-Description": "Any bag.",
            "Version": "1",
        },
        "Accept-BagIt-Version": ["1.0"],
    }
    for name, value in changes.items():
        key = name.replace("__", ".").replace("_", "-")
        if value is None:
            profile.pop(key, None)
        else:
            profile[key] = value
    return profile


def informed(profile: Profile, **changes: str | None) -> Profile:
    """A profile with other values in BagIt-Profile-Info; None takes a key out."""
    info = {**profile["BagIt-Profile-Info"], **{key.replace("_", "-"): value for key, value in changes.items()}}
    return {**profile, "BagIt-Profile-Info": {key: value for key, value in info.items() if value is not None}}


def aptrust() -> Profile:
    """APTrust 2.2: a second tag file with rules under a key that the specification does not know; tar only."""
    return {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": f"{HERE}aptrust-shape.json",
            "BagIt-Profile-Version": "1.3.0",
            "Source-Organization": "A trust",
            "Contact-Name": "Desk",
            "Contact-Email": "desk@example.org",
            "External-Description": "Bags for a preservation service.",
            "Version": "2.2",
        },
        "Bag-Info": {
            "Source-Organization": {"required": True},
            "Bagging-Date": {"required": True},
            "Bag-Size": {"required": True},
            "Payload-Oxum": {"required": True},
            "Contact-Phone": {"required": False},
            "Bag-Group-Identifier": {"required": False},
        },
        "Other-Info": [{"Trust-Info": {"Access": {"required": True, "values": ["Open", "Closed"]}}}],
        "Manifests-Required": ["md5"],
        "Manifests-Allowed": ["md5", "sha256"],
        "Tag-Manifests-Required": ["md5"],
        "Tag-Manifests-Allowed": ["md5", "sha256"],
        "Tag-Files-Required": ["trust-info.txt"],
        "Allow-Fetch.txt": False,
        "Serialization": "optional",
        "Accept-Serialization": ["application/tar"],
        "Accept-BagIt-Version": ["0.97", "1.0"],
    }


def beyond_the_repository() -> Profile:
    """BTR 0.1: many recommended tags, nothing required of manifests, several forms of serialisation."""
    return {
        "BagIt-Profile-Info": {
            "Source-Organization": "A group of services",
            "External-Description": "One profile for several services.",
            "Version": "0.1",
            "BagIt-Profile-Identifier": f"{HERE}btr-shape.json",
            "BagIt-Profile-Version": "1.3.0",
        },
        "Bag-Info": {
            "Source-Organization": {"required": True},
            "Bagging-Date": {"required": True},
            "Payload-Oxum": {"required": True},
            "Contact-Email": {"required": False, "recommended": True},
            "Bag-Count": {"required": False, "recommended": True, "description": "Of related bags."},
            "Payload-Identifier": {"required": False},
        },
        "Manifests-Required": [],
        "Manifests-Allowed": ["md5", "sha1", "sha256", "sha512"],
        "Tag-Manifests-Allowed": ["md5", "sha1", "sha256", "sha512"],
        "Tag-Files-Allowed": ["*"],
        "Allow-Fetch.txt": False,
        "Serialization": "required",
        "Accept-Serialization": [
            "application/x-7z-compressed",
            "application/tar",
            "application/zip",
            "application/gzip",
        ],
        "Accept-BagIt-Version": ["0.97", "1.0"],
    }


def bdbag() -> Profile:
    """bdbag: fetch.txt welcome, two manifests, unusual MIME types, no version of the specification."""
    return {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": f"{HERE}bdbag-shape.json",
            "Source-Organization": "A data service",
            "Contact-Name": "Desk",
            "External-Description": "Bags of large data.",
            "Version": "1.0",
        },
        "Bag-Info": {
            "Bagging-Date": {"required": True},
            "Payload-Oxum": {"required": True},
            "Contact-Name": {"required": False},
            "External-Identifier": {"required": False},
        },
        "Manifests-Required": ["md5", "sha256"],
        "Tag-Manifests-Required": ["md5", "sha256"],
        "Allow-Fetch.txt": True,
        "Serialization": "optional",
        "Accept-Serialization": ["application/zip", "application/tar", "application/x-tar", "application/x-gtar",
                                 "application/gzip", "application/x-gzip"],
        "Accept-BagIt-Version": ["0.97", "1.0"],
    }  # fmt: skip


def dart_export() -> Profile:
    """The empty profile of DART, exported: every text but the identifier empty, keys that only DART knows."""
    return {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": f"{HERE}empty-shape.json",
            "BagIt-Profile-Version": "",
            "Contact-Email": "",
            "Contact-Name": "",
            "External-Description": "",
            "Source-Organization": "",
            "Version": "",
        },
        "Bag-Info": {
            "Bag-Size": {"required": False, "values": [], "help": "", "defaultValue": ""},
            "Payload-Oxum": {"required": False, "values": []},
        },
        "Manifests-Required": [],
        "Tag-Manifests-Required": [],
        "Tag-Files-Required": [],
        "Allow-Fetch.txt": True,
        "Serialization": "optional",
        "Accept-Serialization": ["application/tar"],
        "Accept-BagIt-Version": ["0.97", "1.0"],
    }


def dart_own() -> Profile:
    """A profile in DART's own form, which is no BagIt profile."""
    return {
        "name": "Empty",
        "acceptBagItVersion": ["1.0"],
        "bagItProfileInfo": {"bagItProfileIdentifier": f"{HERE}own.json"},
        "manifestsRequired": [],
        "tags": [{"tagFile": "bag-info.txt", "tagName": "Bag-Size", "required": False}],
    }


def ocr_d() -> Profile:
    """OCR-D: a number for a version, defaults, no word on serialisation but the forms."""
    return {
        "BagIt-Profile-Info": {
            "BagIt-Profile-Identifier": f"{HERE}ocr-shape.json",
            "BagIt-Profile-Version": "1.2.0",
            "Source-Organization": "A project",
            "External-Description": "Pages and their text.",
            "Version": 0.1,
        },
        "Bag-Info": {
            "Bagging-Date": {"required": False},
            "Depth": {"required": False, "default": "partial", "values": ["partial", "full"]},
        },
        "Manifests-Required": ["sha512"],
        "Tag-Files-Required": [],
        "Tag-Files-Allowed": ["README.md", "build.sh", "metadata/*.xml"],
        "Allow-Fetch.txt": False,
        "Serialization": "required",
        "Accept-Serialization": ["application/zip"],
        "Accept-BagIt-Version": ["1.0"],
    }


def crate() -> Profile:
    """RO-Crate in a bag, by 1.4: payload files required and allowed."""
    return plain(
        Payload_Files_Required=["data/crate.json", "data/images/"],
        Payload_Files_Allowed=["data/crate.json", "data/images/*", "data/*.html"],
        Tag_Files_Allowed=["notes/*", "README.[mt][dx]*"],
    )


def only_holes() -> Profile:
    """A list of what lies elsewhere, by 1.4: no payload, fetch.txt required."""
    return plain(Fetch__txt_Required=True, Data_Empty=True, Manifests_Required=["sha512"])


SHAPES = {
    each.__name__: each for each in (aptrust, beyond_the_repository, bdbag, dart_export, ocr_d, crate, only_holes)
}
