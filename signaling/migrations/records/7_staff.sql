-- Since when a member may not sign in. NULL: they may.
ALTER TABLE staff ADD COLUMN disabled BIGINT;
-- The member whose password a one-time link sets anew. NULL: it makes a new member.
ALTER TABLE first_links ADD COLUMN staff TEXT;

-- The second step of signing in: what a member's authenticator makes codes from.
CREATE TABLE second_factors (
    staff TEXT PRIMARY KEY NOT NULL REFERENCES staff (id),
    -- The secret, under a key of its own that the master key seals.
    sealed BLOB NOT NULL,
    made BIGINT NOT NULL,
    -- When the first right code came. NULL: none yet, and nothing is asked for.
    confirmed BIGINT,
    -- Codes are counted in steps of 30 seconds; none up to this one is taken any more.
    last_step BIGINT NOT NULL
);
-- Each stands in for a code once, and is deleted by that.
CREATE TABLE recovery_codes (
    hash BLOB PRIMARY KEY NOT NULL,
    staff TEXT NOT NULL REFERENCES staff (id)
);
CREATE INDEX recovery_codes_staff ON recovery_codes (staff);

-- Sign-ins that were ended of late, and members of whom all were, so that a service that runs closes their sockets, whoever ended them.
CREATE TABLE ended_sign_ins (
    -- Rises, also after older ones have gone.
    number BIGINT PRIMARY KEY NOT NULL,
    staff TEXT NOT NULL,
    -- The first bytes of the hash of its cookie, which prove nothing. NULL: all of this member's.
    sign_in TEXT,
    at BIGINT NOT NULL
);
CREATE TABLE staff_state (
    id BIGINT PRIMARY KEY NOT NULL,
    -- The number given last.
    last BIGINT NOT NULL
);
INSERT INTO staff_state (id, last) VALUES (1, 0);
