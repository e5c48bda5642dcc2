"""The theme of our own: pure black and white, and colours that stand out from both."""

from textual.theme import Theme

from tui.preferences import HIGH_CONTRAST

HIGH_CONTRAST_THEME = Theme(
    HIGH_CONTRAST,
    primary="#ffffff",
    secondary="#ffff00",
    accent="#ffff00",
    warning="#ffb000",
    error="#ff8080",
    success="#80ff80",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "text-muted": "#e0e0e0",
        "text-disabled": "#c0c0c0",
        "text-accent": "#ffff00",
        "text-error": "#ff8080",
        "text-warning": "#ffb000",
    },
)
