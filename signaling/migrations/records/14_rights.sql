-- Teams, and who is in which. Supervisors see of their own team's contacts when they are, and nothing else of them.
CREATE TABLE teams (
    id TEXT PRIMARY KEY NOT NULL,
    -- As typed, and folded to lower case so that no two are called alike.
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL UNIQUE,
    made BIGINT NOT NULL
);
-- NULL: in none.
ALTER TABLE staff ADD COLUMN team TEXT;
CREATE INDEX staff_team ON staff (team) WHERE team IS NOT NULL;
-- Auditors: the audit and what was erased, and nothing else.
ALTER TABLE staff ADD COLUMN auditor BIGINT NOT NULL DEFAULT 0;

ALTER TABLE first_links ADD COLUMN auditor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE first_links ADD COLUMN team TEXT;
-- The administrator who gave it out. NULL: the command line did, or the service itself.
ALTER TABLE first_links ADD COLUMN given_by TEXT;

-- How often something happened, by months of UTC (a year and a month as one number, such as 202611). It names nobody, and outlasts
-- the contacts it was counted from.
CREATE TABLE usage (
    month BIGINT NOT NULL,
    what TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (month, what)
);
