-- payments.id is an integer and will run out next year; paid_at has no time zone.

ALTER TABLE payments ALTER COLUMN id TYPE bigint;

ALTER TABLE payments
    ALTER COLUMN paid_at TYPE timestamptz USING paid_at AT TIME ZONE 'Europe/Paris';
