"""Settings that were read again while the server runs: what changes, and who is told."""

import logging

from server.core.delivery import standard_reply
from server.core.sanctions import watch_speech
from server.core.world import World
from server.settings import Settings, SettingsError, reloaded

logger = logging.getLogger(__name__)


def take_settings(world: World, read: Settings | SettingsError) -> None:
    """Go on with the settings, or keep the old ones; tell those who asked what came of it."""
    if isinstance(read, SettingsError):
        kind, code, text = "FAIL", "BAD_SETTINGS", f"{read}; nothing was changed"
    else:
        world.settings, waiting = reloaded(world.settings, read)
        watch_speech(world)
        world.index_looks()
        world.failed_logins.free = world.settings.limits__failed_logins
        world.failed_logins.wait_s_max = float(world.settings.limits__failed_login_wait_s)
        for channel in world.channels.values():
            world.note_keeping(channel)
        kind, code, text = "NOTE", "SETTINGS_READ", "The settings were read again"
        if waiting:
            text += f"; these change with a restart: {', '.join(waiting)}"
    logger.info("REHASH: %s", text)
    for session in world.outbox.rehash:
        standard_reply(world, session, kind, "REHASH", code, [], text)
    world.outbox.rehash.clear()
