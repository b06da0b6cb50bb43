-- 1: the link of somebody beside the service user (an interpreter, say), which a new link of the service user's doesn't replace. Who
-- it is stands sealed among the facts.
ALTER TABLE invitations ADD COLUMN beside BIGINT NOT NULL DEFAULT 0;
