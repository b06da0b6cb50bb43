-- When practitioners work, as each has set it for themselves (JSON). One row each: what held before isn't kept.
CREATE TABLE own_hours (
    member TEXT NOT NULL PRIMARY KEY,
    hours TEXT NOT NULL
);
