"""Names: authority files, and the index of the names of an issue."""
