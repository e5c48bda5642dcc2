"""Conformance: our controller for the irctest suite, and how to run it (README beside this)."""
