"""BagIt profiles: JSON files read into `BagProfile`. Of a wrong one every fault is told, each with its place."""

from archiver.bag_profiles.files import bag_profile_names, load_bag_profile
from archiver.bag_profiles.reader import parse_bag_profile

__all__ = ["bag_profile_names", "load_bag_profile", "parse_bag_profile"]
