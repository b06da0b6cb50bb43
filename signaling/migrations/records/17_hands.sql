-- Who takes part in another's contact: asked in by its practitioner, or covering for them.
CREATE TABLE parts (
    contact TEXT NOT NULL REFERENCES contacts (id),
    staff TEXT NOT NULL,
    -- asked or covering.
    part TEXT NOT NULL,
    -- The member of staff who did it.
    given_by TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- It ends by itself then. NULL: with the contact.
    until BIGINT,
    PRIMARY KEY (contact, staff)
);
CREATE INDEX parts_staff ON parts (staff);

-- The last time that a contact was handed over: by whom, when, and what they wrote to it.
ALTER TABLE contacts ADD COLUMN given_by TEXT;
ALTER TABLE contacts ADD COLUMN given BIGINT;
ALTER TABLE contacts ADD COLUMN given_note BLOB;
