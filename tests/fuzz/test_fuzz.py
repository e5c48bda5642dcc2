"""The short form of the fuzzing: the corpus, what was found, and inputs made from both."""

import random
from typing import Final

import pytest

from tests.fuzz.found import FOUND
from tests.fuzz.mutation import Mutator
from tests.fuzz.targets import TARGETS

INPUTS: Final = {"core": 60, "client": 60, "order": 60, "machine": 0, "export": 60, "kept": 60}
INPUTS_DEFAULT: Final = 300


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_known_and_what_is_like_it(name: str) -> None:
    target = TARGETS[name]
    corpus = [*target.corpus, *FOUND.get(name, ())]
    mutator = Mutator(corpus, random.Random(1))
    for data in [*corpus, *(mutator.next() for _ in range(INPUTS.get(name, INPUTS_DEFAULT)))]:
        target.run(data)
