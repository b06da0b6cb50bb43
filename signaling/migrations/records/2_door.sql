-- In clear as the planned start is: a contact ends by itself some hours after this, also when nobody asks for it.
ALTER TABLE contacts ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 0;
-- Until now only the sealed details said how long a contact takes: the longest there can be.
UPDATE contacts SET ends_at = starts_at + 14400;
-- 1: something in it waits for "Handled", so that it is shown and kept beyond its day. It doesn't say what.
ALTER TABLE contacts ADD COLUMN unhandled BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contacts_to_end ON contacts (ends_at) WHERE ended IS NULL;
CREATE INDEX contacts_to_erase ON contacts (ended) WHERE ended IS NOT NULL;
CREATE INDEX contacts_unhandled ON contacts (owner) WHERE unhandled = 1;

-- The kind of browser, such as "Firefox on Linux", and when it was last seen, so that a member of staff finds the one to end.
ALTER TABLE staff_sessions ADD COLUMN browser TEXT NOT NULL DEFAULT 'Another browser';
ALTER TABLE staff_sessions ADD COLUMN last_used BIGINT NOT NULL DEFAULT 0;
UPDATE staff_sessions SET last_used = made;

-- One row: when the service was last known to run.
CREATE TABLE marks_of_life (
    id BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
);
