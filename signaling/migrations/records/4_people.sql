-- People of whom a safety plan is kept. Sealed under a key of their own, which outlives their contacts' keys.
CREATE TABLE people (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made BIGINT NOT NULL,
    -- The latest planned end of a contact with them, or when the plan was made or changed: what is kept is kept from then on.
    last_used BIGINT NOT NULL
);
CREATE INDEX people_owner ON people (owner);
CREATE INDEX people_to_erase ON people (last_used);

-- Whose plan holds in a contact: an id and nothing else. It says that two appointments are one person's, and not whose.
ALTER TABLE contacts ADD COLUMN about TEXT;
CREATE INDEX contacts_about ON contacts (about) WHERE about IS NOT NULL;
