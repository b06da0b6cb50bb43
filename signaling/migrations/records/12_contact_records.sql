-- Records of contacts. Each is sealed under a key of its own, which outlives its contact's key.
CREATE TABLE contact_records (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    -- A name that follows from the contact's id and a key of the service: the id itself is in no file once the contact is erased.
    contact TEXT NOT NULL UNIQUE,
    -- The person whose plan held in it, as in contacts.
    about TEXT,
    -- In clear as in contacts: it says that somebody had an appointment and not who or why.
    starts_at BIGINT NOT NULL,
    made BIGINT NOT NULL,
    ended BIGINT,
    -- "Copied into the case record" was pressed: it goes soon after.
    copied BIGINT,
    -- What was drafted, and from how many facts; -1: nothing yet.
    draft BLOB,
    drafted BIGINT NOT NULL DEFAULT -1,
    -- What the practitioner wrote.
    written BLOB,
    -- Sending it to the case system: a state, when it is due or since when it is so, how often it was tried; and what goes, and its key.
    send_state TEXT,
    send_at BIGINT,
    send_tries BIGINT NOT NULL DEFAULT 0,
    sending BLOB
);
CREATE INDEX contact_records_owner ON contact_records (owner, copied);
CREATE INDEX contact_records_copied ON contact_records (copied) WHERE copied IS NOT NULL;
CREATE INDEX contact_records_ended ON contact_records (ended) WHERE ended IS NOT NULL;
CREATE INDEX contact_records_about ON contact_records (about) WHERE about IS NOT NULL;
CREATE INDEX contact_records_to_send ON contact_records (send_at) WHERE send_state = 'waiting';

-- Since when a contact has, or had, a record: one that was erased isn't made again. And since when it is drafted.
ALTER TABLE contacts ADD COLUMN recorded BIGINT;
ALTER TABLE contacts ADD COLUMN drafted BIGINT;
CREATE INDEX contacts_to_draft ON contacts (ended) WHERE ended IS NOT NULL AND drafted IS NULL;
