-- Who a member of staff is at a provider that vouches for them (OpenID Connect): by what it never gives to anybody else.
CREATE TABLE work_accounts (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    staff TEXT NOT NULL REFERENCES staff (id),
    made BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX work_accounts_staff ON work_accounts (staff, issuer);

-- Hashes of what may be used once and was, until it is worth nothing by itself.
CREATE TABLE spent (
    hash BLOB PRIMARY KEY NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX spent_expires ON spent (expires);

-- How somebody came in by a sign-in. 0: by password or link; 1: by a work account; 2: by one whose second step counts here.
ALTER TABLE staff_sessions ADD COLUMN way BIGINT NOT NULL DEFAULT 0;
