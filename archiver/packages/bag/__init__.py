"""BagIt bags (RFC 8493): `Bag` reads every version from 0.93 to 1.0, `BagWriter` writes 1.0."""

from archiver.packages.bag.reader import Bag
from archiver.packages.bag.writer import BagWriter

__all__ = ["Bag", "BagWriter"]
