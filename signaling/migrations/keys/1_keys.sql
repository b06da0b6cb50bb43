-- The key store: wrapped data keys and nothing else. Backups leave this file out.
-- A key that is deleted here makes everything sealed under it unreadable, wherever copies of it lie.
CREATE TABLE data_keys (
    contact TEXT PRIMARY KEY NOT NULL,
    wrapped BLOB NOT NULL
);

-- One row, sealed under the master key, so that a wrong master key is told at the start and not at the first contact.
CREATE TABLE master_check (
    id BIGINT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
);
