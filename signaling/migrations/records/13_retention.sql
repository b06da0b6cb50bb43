-- What is over is gone through in this order, from where it was left.
DROP INDEX contacts_to_erase;
CREATE INDEX contacts_to_erase ON contacts (ended, id) WHERE ended IS NOT NULL;

-- What was erased and isn't in a receipt yet: counted in the transaction that erases it, so that no power cut loses any of it.
CREATE TABLE erased (
    category TEXT NOT NULL,
    -- How long it had been kept, in the category's unit.
    period BIGINT NOT NULL,
    many BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    done BIGINT NOT NULL,
    PRIMARY KEY (category, period)
);

-- Signed proof of what was erased: categories, numbers and times, and nobody's name.
CREATE TABLE receipts (
    number BIGINT PRIMARY KEY NOT NULL,
    category TEXT NOT NULL,
    many BIGINT NOT NULL,
    -- NULL: somebody asked for it to be erased.
    period BIGINT,
    begun BIGINT NOT NULL,
    done BIGINT NOT NULL,
    -- The file as it is given out, signature and all.
    signed TEXT NOT NULL
);
CREATE INDEX receipts_done ON receipts (done);

-- What nothing may erase for now: a contact, or a person with all contacts about them.
CREATE TABLE holds (
    id TEXT PRIMARY KEY NOT NULL,
    subject TEXT NOT NULL,
    -- The member of staff who holds it.
    who TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- It lets go by itself then.
    ends BIGINT NOT NULL,
    -- Why, under the subject's key.
    sealed BLOB NOT NULL
);
CREATE INDEX holds_subject ON holds (subject);
