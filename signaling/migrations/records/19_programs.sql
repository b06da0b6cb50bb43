-- What a practitioner has released for other programs to fetch: since when (NULL: it isn't, or was taken back), and, under the record's key,
-- the very copy and who fetched it. It goes with the record.
ALTER TABLE contact_records ADD COLUMN released BIGINT;
ALTER TABLE contact_records ADD COLUMN release_sealed BLOB;
CREATE INDEX contact_records_released ON contact_records (released, id) WHERE released IS NOT NULL;

-- Pages of all contacts by their time.
CREATE INDEX contacts_starts ON contacts (starts_at, id);

-- What tokens were called, for as long as the audit speaks of them: the token itself may have ended.
CREATE TABLE token_names (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL
);
