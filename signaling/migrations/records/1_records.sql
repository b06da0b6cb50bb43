-- One text for every engine. Times are whole seconds since 1970 UTC. What is called `sealed` is encrypted under the
-- contact's own data key; what is called `hash` is SHA-256 of something nobody can guess.

CREATE TABLE staff (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- As typed, and folded to lower case for looking up.
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    -- A PHC string of argon2id.
    password TEXT NOT NULL,
    practitioner BIGINT NOT NULL,
    administrator BIGINT NOT NULL,
    look_first BIGINT NOT NULL,
    made BIGINT NOT NULL
);

-- One-time links of staff.
CREATE TABLE first_links (
    hash BLOB PRIMARY KEY NOT NULL,
    name TEXT,
    email TEXT,
    practitioner BIGINT NOT NULL,
    administrator BIGINT NOT NULL,
    -- 1: for the first administrator, worthless once there is one.
    first BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE staff_sessions (
    hash BLOB PRIMARY KEY NOT NULL,
    staff TEXT NOT NULL REFERENCES staff (id),
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX staff_sessions_staff ON staff_sessions (staff);

CREATE TABLE contacts (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    -- In clear so that a day can be listed; it says that somebody has an appointment and not who or why.
    starts_at BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    made BIGINT NOT NULL,
    -- When somebody first came in by a link.
    opened BIGINT,
    ended BIGINT
);
CREATE INDEX contacts_owner ON contacts (owner, starts_at);

CREATE TABLE invitations (
    id TEXT PRIMARY KEY NOT NULL,
    contact TEXT NOT NULL REFERENCES contacts (id),
    person TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- Revoked, replaced, or left: since then.
    dead BIGINT
);
CREATE INDEX invitations_contact ON invitations (contact);

CREATE TABLE facts (
    contact TEXT NOT NULL REFERENCES contacts (id),
    number BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (contact, number)
);

-- Secrets that sign tokens, sealed under the master key.
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY NOT NULL,
    purpose TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made BIGINT NOT NULL
);
