-- What an administrator lets through for a while though the plan doesn't, with the reason: sealed under the person's key.
ALTER TABLE people ADD COLUMN allowed BLOB;
