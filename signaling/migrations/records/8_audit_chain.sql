-- Every entry of the audit carries the hash of the one before it, and its own over all that it says. What was written before
-- gets its place in the chain when the records are opened (`records/audit/beginning.rs`): SQL knows no SHA-256.
DROP TRIGGER audit_is_never_changed;
DROP TRIGGER audit_only_grows;
DROP TRIGGER audit_is_kept;
DROP TRIGGER audit_state_is_bounded;
DROP INDEX audit_at;
ALTER TABLE audit RENAME TO audit_unchained;

CREATE TABLE audit (
    -- Rises with every entry, also after older ones have gone.
    id BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    -- The id of a member of staff; none: the service did it by itself.
    who TEXT,
    what TEXT NOT NULL,
    -- Names that follow from the key of the contact, or of the person of whom a plan is kept. Once the key has gone, nobody can
    -- tell any more whose they were.
    contact TEXT,
    person TEXT,
    -- A reason that somebody wrote, under the key of that person: it can't be read any more once they are erased.
    sealed BLOB,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX audit_at ON audit (at);

-- One row at most: stands for the entries that were old enough to go, with the hash of the last of them, and is signed.
CREATE TABLE audit_checkpoint (
    id BIGINT PRIMARY KEY NOT NULL,
    last BIGINT NOT NULL,
    at BIGINT NOT NULL,
    hash BLOB NOT NULL,
    key BLOB NOT NULL,
    signature BLOB NOT NULL
);

-- Which chain this is, and the hash of its newest entry; none: the chain isn't begun.
ALTER TABLE audit_state ADD COLUMN node TEXT;
ALTER TABLE audit_state ADD COLUMN head BLOB;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
-- Also where an entry would be put in the place of another (INSERT OR REPLACE), which no other trigger sees.
CREATE TRIGGER audit_only_grows BEFORE INSERT ON audit
WHEN NEW.id <= (SELECT COALESCE(MAX(a.id), 0) FROM audit a) BEGIN
    SELECT RAISE(ABORT, 'audit entries are only added');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at > CAST(strftime('%s', 'now') AS INTEGER) - 86400 * (SELECT s.kept_days FROM audit_state s) BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept');
END;
CREATE TRIGGER audit_goes_behind_a_checkpoint BEFORE DELETE ON audit
WHEN OLD.id > (SELECT COALESCE(MAX(c.last), 0) FROM audit_checkpoint c) BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept');
END;
CREATE TRIGGER audit_checkpoint_is_kept BEFORE DELETE ON audit_checkpoint BEGIN
    SELECT RAISE(ABORT, 'the checkpoint of the audit is kept');
END;
CREATE TRIGGER audit_checkpoint_rises BEFORE UPDATE ON audit_checkpoint WHEN NEW.last <= OLD.last OR NEW.id <> 1 BEGIN
    SELECT RAISE(ABORT, 'the checkpoint of the audit is kept');
END;
CREATE TRIGGER audit_checkpoint_is_one BEFORE INSERT ON audit_checkpoint
WHEN NEW.id <> 1 OR NEW.last <= (SELECT COALESCE(MAX(c.last), -1) FROM audit_checkpoint c) BEGIN
    SELECT RAISE(ABORT, 'there is one checkpoint of the audit');
END;
CREATE TRIGGER audit_state_is_bounded BEFORE UPDATE ON audit_state
WHEN NEW.kept_days < 30 OR NEW.last < OLD.last OR NEW.id <> 1 OR (OLD.node IS NOT NULL AND NEW.node IS NOT OLD.node) BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept');
END;
