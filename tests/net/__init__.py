"""Tests of the network shell, addresses and certificates."""
