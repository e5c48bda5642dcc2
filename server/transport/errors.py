"""How a link can end: two errors, by who is done."""


class LinkLostError(Exception):
    """The link is gone, or of no use; the text says how, for the QUIT that others see."""


class LinkEndedError(LinkLostError):
    """The peer has finished sending, in order."""
