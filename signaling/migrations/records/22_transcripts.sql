-- What was typed in contacts, where everybody agreed that it is kept. Each is sealed under a key of its own.
CREATE TABLE transcripts (
    id TEXT PRIMARY KEY NOT NULL,
    -- The name that follows from the contact's id, as in contact_records.
    contact TEXT NOT NULL UNIQUE,
    -- The person whose plan held in it, as in contacts.
    about TEXT,
    made BIGINT NOT NULL,
    sealed BLOB NOT NULL
);
CREATE INDEX transcripts_made ON transcripts (made);
CREATE INDEX transcripts_about ON transcripts (about) WHERE about IS NOT NULL;
