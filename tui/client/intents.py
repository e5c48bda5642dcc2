"""The refusal of an intent: what a person asked for and cannot have, told in words."""


class IntentRefused(Exception):  # noqa: N818 - the person's fault, told in words
    """Nothing was done; the text says what was wrong and what to do."""
