"""Tests of the command bar: parsing, completion, handlers."""
