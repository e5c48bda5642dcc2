"""Benchmarks, on demand: `python -m tests.bench`. Ratios measured side by side, no asserts."""
