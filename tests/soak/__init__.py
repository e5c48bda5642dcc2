"""A server under mixed load for as long as one likes: see `tests.soak.__main__`."""
