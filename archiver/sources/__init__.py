"""Forms of deposit, a reader each. A module here offers READER."""
