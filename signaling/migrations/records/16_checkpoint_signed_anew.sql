-- A checkpoint may be signed anew, by another key of the service, where it goes on saying the same.
DROP TRIGGER audit_checkpoint_rises;
CREATE TRIGGER audit_checkpoint_rises BEFORE UPDATE ON audit_checkpoint
WHEN NEW.id <> 1 OR NEW.last < OLD.last OR (NEW.last = OLD.last AND (NEW.hash <> OLD.hash OR NEW.at <> OLD.at)) BEGIN
    SELECT RAISE(ABORT, 'the checkpoint of the audit is kept');
END;
