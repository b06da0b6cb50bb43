-- Keys of the service itself, which belong to no contact: one seals its secrets among the records, one signs the audit. Wrapped
-- by the master key as all others are, so that the master key can be replaced in one transaction over this file alone.
CREATE TABLE service_keys (
    name TEXT PRIMARY KEY NOT NULL,
    wrapped BLOB NOT NULL
);
