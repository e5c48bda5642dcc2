"""Tests of the client core: lines in, lines and updates out."""
