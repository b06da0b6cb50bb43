-- Contacts that were planned together have a random name in common. In clear: it says that they belong together, as `about` does
-- already, and by it those that come after one are found.
ALTER TABLE contacts ADD COLUMN series TEXT;
-- How often its time was changed, or it was called off: a calendar keeps the edition with the greatest.
ALTER TABLE contacts ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
-- Since when it is called off. NULL: it isn't.
ALTER TABLE contacts ADD COLUMN cancelled BIGINT;
CREATE INDEX contacts_series ON contacts (series, starts_at) WHERE series IS NOT NULL;
