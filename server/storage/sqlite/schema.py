"""The tables, as numbered migrations.

A migration is never edited once it was released: what it did stands in people's files. The
number of those applied is the database's `user_version`.
"""

from typing import Final

APPLICATION_ID: Final = 0x43484154  # "CHAT": tells our file from any other SQLite file

MIGRATIONS: Final = (
    # 1: channels with roles and masks, their log, re-send keys, first entries.
    """
    CREATE TABLE channels (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        named INTEGER NOT NULL,
        owner TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        modes TEXT NOT NULL,
        key TEXT NOT NULL,
        member_limit INTEGER NOT NULL,
        topic TEXT NOT NULL,
        topic_source TEXT NOT NULL,
        topic_ms INTEGER NOT NULL,
        empty_since_ms INTEGER NOT NULL
    );
    -- high_ms is the greatest wall_ms up to this row: the clock may jump back, and a seek by
    -- time needs a column that rises with the position.
    CREATE TABLE events (
        channel_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL,
        high_ms INTEGER NOT NULL,
        source TEXT NOT NULL,
        text TEXT NOT NULL,
        tags TEXT NOT NULL,
        holder TEXT NOT NULL,
        PRIMARY KEY (channel_id, position)
    ) WITHOUT ROWID;
    CREATE TABLE sent_keys (
        holder TEXT NOT NULL,
        key TEXT NOT NULL,
        channel_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        wall_ms INTEGER NOT NULL,
        PRIMARY KEY (holder, key)
    ) WITHOUT ROWID;
    CREATE INDEX sent_keys_by_time ON sent_keys (wall_ms);
    CREATE TABLE channel_roles (
        channel_id INTEGER NOT NULL,
        holder TEXT NOT NULL,
        roles TEXT NOT NULL,
        PRIMARY KEY (channel_id, holder)
    ) WITHOUT ROWID;
    CREATE TABLE channel_masks (
        channel_id INTEGER NOT NULL,
        letter TEXT NOT NULL,
        folded TEXT NOT NULL,
        mask TEXT NOT NULL,
        setter TEXT NOT NULL,
        set_ms INTEGER NOT NULL,
        PRIMARY KEY (channel_id, letter, folded)
    ) WITHOUT ROWID;
    CREATE TABLE admissions (
        channel_id INTEGER NOT NULL,
        holder TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (channel_id, holder)
    ) WITHOUT ROWID;
    """,
)
