"""Any bytes for every parser, and any commands for both cores: see `tests.fuzz.__main__`."""
