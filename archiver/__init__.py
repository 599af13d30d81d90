"""archiver: issues of serials, described, sealed, validated, registered and transferred."""

__version__ = "0.1.0"
