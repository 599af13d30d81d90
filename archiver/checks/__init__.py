"""Rules: a function each, found by the decorator `archiver.plugs.check`."""
