"""Archives (zip, tar, tar.gz, tar.zst) read member by member and written in one pass; never extracted."""
