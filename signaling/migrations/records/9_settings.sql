-- What administrators set: by name, as JSON. The newest of each name holds; those before it say how it came to that.
CREATE TABLE settings (
    name TEXT NOT NULL,
    -- Rises with each change of that name.
    number BIGINT NOT NULL,
    value TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- The id of a member of staff.
    who TEXT NOT NULL,
    -- In their own words, about the setting and nobody.
    reason TEXT,
    PRIMARY KEY (name, number)
);
