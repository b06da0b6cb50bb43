-- What other programs ask by. Of each token here is its hash alone.
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    -- In the words of whoever made it, about a program and nobody.
    name TEXT NOT NULL,
    -- By their names, as a JSON list.
    scopes TEXT NOT NULL,
    -- The id of a member of staff.
    who TEXT NOT NULL,
    made BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    -- The first moment of the day, UTC. None: it never was.
    last_used BIGINT
);
