"""What goes wrong around a server, tried on a real process: see `tests.faults.__main__`."""
