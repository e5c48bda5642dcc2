"""The tables, as numbered migrations.

A migration is never edited once it was released: what it did stands in people's files. The
number of those applied is the database's `user_version`.
"""

from typing import Final

APPLICATION_ID: Final = 0x43484154  # "CHAT": tells our file from any other SQLite file

MIGRATIONS: Final = (
    # 1: channels with roles and masks, their log, re-send keys, first entries; direct
    # conversations, read markers, metadata.
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
        forward INTEGER NOT NULL,
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
        target TEXT NOT NULL,
        refers INTEGER NOT NULL,
        PRIMARY KEY (channel_id, position)
    ) WITHOUT ROWID;
    CREATE INDEX events_by_reference ON events (channel_id, refers) WHERE refers > 0;
    -- Texts that were edited or emptied, by whatever statement, until the search index has taken
    -- them in anew.
    CREATE TABLE changed_texts (
        id INTEGER PRIMARY KEY,
        channel_id INTEGER NOT NULL,
        position INTEGER NOT NULL
    );
    CREATE TRIGGER text_changed AFTER UPDATE OF text, source ON events BEGIN
        INSERT INTO changed_texts (channel_id, position) VALUES (new.channel_id, new.position);
    END;
    -- Up to where a log was let go, and the high_ms there: the numbers go on behind it.
    CREATE TABLE floors (
        channel_id INTEGER PRIMARY KEY,
        position INTEGER NOT NULL,
        high_ms INTEGER NOT NULL
    );
    CREATE TABLE versions (
        channel_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        edit INTEGER NOT NULL,
        text TEXT NOT NULL,
        replaced_ms INTEGER NOT NULL,
        PRIMARY KEY (channel_id, position, edit)
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
        until_ms INTEGER NOT NULL,
        PRIMARY KEY (channel_id, letter, folded)
    ) WITHOUT ROWID;
    CREATE TABLE invitations (
        digest TEXT PRIMARY KEY,
        channel_id INTEGER NOT NULL,
        maker TEXT NOT NULL,
        uses INTEGER NOT NULL,
        until_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX invitations_by_channel ON invitations (channel_id);
    CREATE TABLE admissions (
        channel_id INTEGER NOT NULL,
        holder TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (channel_id, holder)
    ) WITHOUT ROWID;
    -- A conversation stands here once for each of its two ends.
    CREATE TABLE conversations (
        holder TEXT NOT NULL,
        other TEXT NOT NULL,
        channel_id INTEGER NOT NULL,
        PRIMARY KEY (holder, other)
    ) WITHOUT ROWID;
    CREATE TABLE markers (
        holder TEXT NOT NULL,
        target TEXT NOT NULL,
        wall_ms INTEGER NOT NULL,
        PRIMARY KEY (holder, target)
    ) WITHOUT ROWID;
    CREATE INDEX markers_by_target ON markers (target);
    CREATE TABLE metadata (
        subject TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (subject, key)
    ) WITHOUT ROWID;
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        skeleton TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        password_hash TEXT NOT NULL,
        scram_salt BLOB NOT NULL,
        scram_iterations INTEGER NOT NULL,
        scram_stored_key BLOB NOT NULL,
        scram_server_key BLOB NOT NULL,
        email TEXT NOT NULL,
        suspended INTEGER NOT NULL,
        always_on INTEGER NOT NULL,
        multiclient INTEGER NOT NULL,
        source TEXT NOT NULL,
        realname TEXT NOT NULL
    );
    CREATE INDEX accounts_by_skeleton ON accounts (skeleton);
    CREATE INDEX accounts_always_on ON accounts (folded) WHERE always_on;
    CREATE TABLE certificates (
        fingerprint TEXT PRIMARY KEY,
        account_id INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX certificates_by_account ON certificates (account_id);
    -- place: the order of entering.
    CREATE TABLE memberships (
        place INTEGER PRIMARY KEY,
        holder TEXT NOT NULL,
        channel_id INTEGER NOT NULL,
        UNIQUE (holder, channel_id)
    );
    CREATE INDEX memberships_by_channel ON memberships (channel_id);
    CREATE TABLE facts (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    # 2: slow mode of rooms; sanctions of the server; the audit log.
    """
    ALTER TABLE channels ADD COLUMN slow_s INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE sanctions (
        kind TEXT NOT NULL,
        folded TEXT NOT NULL,
        mask TEXT NOT NULL,
        setter TEXT NOT NULL,
        set_ms INTEGER NOT NULL,
        until_ms INTEGER NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (kind, folded)
    ) WITHOUT ROWID;
    CREATE TABLE deeds (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        wall_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        text TEXT NOT NULL,
        channel_id INTEGER NOT NULL
    );
    CREATE INDEX deeds_by_channel ON deeds (channel_id, number) WHERE channel_id > 0;
    CREATE INDEX deeds_by_time ON deeds (wall_ms);
    """,
    # 3: how long a room keeps what is said; logs that were deleted and are not swept up yet.
    """
    ALTER TABLE channels ADD COLUMN retention TEXT NOT NULL DEFAULT '';
    CREATE TABLE closed_logs (channel_id INTEGER PRIMARY KEY);
    """,
    # 4: up to where numbers may have been given of which nothing was kept, and the high_ms there.
    """
    CREATE TABLE unkept_ends (
        channel_id INTEGER PRIMARY KEY,
        position INTEGER NOT NULL,
        high_ms INTEGER NOT NULL
    );
    """,
)
