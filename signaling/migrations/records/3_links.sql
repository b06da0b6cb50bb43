-- 1: the service has seen the link itself, to draw it as a QR code. Until then only its hash is here.
ALTER TABLE invitations ADD COLUMN known BIGINT NOT NULL DEFAULT 0;
