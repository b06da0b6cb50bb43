-- Where messages of a contact go: a number or an email address, sealed. Erased an hour after the contact's end.
CREATE TABLE addresses (
    contact TEXT NOT NULL REFERENCES contacts (id),
    channel TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (contact, channel)
);

-- Messages that the service sends. When their contact is erased they stay as receipts: without it, under another id.
CREATE TABLE messages (
    -- Also what whoever passes messages on knows it by, so that they can tell a second one from a repeated one.
    id TEXT PRIMARY KEY NOT NULL,
    contact TEXT REFERENCES contacts (id),
    -- The contact as the audit calls it.
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- So many seconds before the contact's planned start it is due; 0: at once.
    lead BIGINT NOT NULL,
    state TEXT NOT NULL,
    why TEXT,
    tries BIGINT NOT NULL,
    -- Not before this.
    due BIGINT NOT NULL,
    -- When whoever passes it on is asked next what became of it.
    ask BIGINT,
    -- 1: nobody knows whether it went, and nobody has decided what to do about it.
    asks BIGINT NOT NULL,
    made BIGINT NOT NULL,
    -- Since when it is in its state.
    since BIGINT NOT NULL,
    -- To whom and in which words, with the link: until it is sent.
    sealed BLOB
);
CREATE INDEX messages_contact ON messages (contact) WHERE contact IS NOT NULL;
CREATE INDEX messages_to_send ON messages (due) WHERE state = 'waiting';
CREATE INDEX messages_under_way ON messages (since) WHERE state = 'under_way';
CREATE INDEX messages_to_ask ON messages (ask) WHERE ask IS NOT NULL;
CREATE INDEX messages_since ON messages (since);
