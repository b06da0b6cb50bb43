-- Who did what that must be answered for. Entries are added and never changed; only what is older than `kept_days` can go.
-- In clear stand random ids, times and which of a few things it was: no name, no address, no word of anybody.
CREATE TABLE audit (
    -- Rises with every entry, also after older ones have gone.
    id BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    -- The id of a member of staff; none: the service did it by itself.
    who TEXT,
    what TEXT NOT NULL,
    contact TEXT,
    -- A person of whom a plan is kept.
    person TEXT,
    -- A reason that somebody wrote, under the key of that person: it can't be read any more once they are erased.
    sealed BLOB
);
CREATE INDEX audit_at ON audit (at);

-- One row: the id given last, and for how many days entries are kept.
CREATE TABLE audit_state (
    id BIGINT PRIMARY KEY NOT NULL,
    last BIGINT NOT NULL,
    kept_days BIGINT NOT NULL
);
INSERT INTO audit_state (id, last, kept_days) VALUES (1, 0, 365);

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
CREATE TRIGGER audit_state_is_kept BEFORE DELETE ON audit_state BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept');
END;
CREATE TRIGGER audit_state_is_one BEFORE INSERT ON audit_state BEGIN
    SELECT RAISE(ABORT, 'there is one state of the audit');
END;
CREATE TRIGGER audit_state_is_bounded BEFORE UPDATE ON audit_state
WHEN NEW.kept_days < 30 OR NEW.last < OLD.last OR NEW.id <> 1 BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept');
END;

-- Supervisors: who is told of an alarm that its practitioner hands over, or that nobody touches.
ALTER TABLE staff ADD COLUMN supervisor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE first_links ADD COLUMN supervisor BIGINT NOT NULL DEFAULT 0;
