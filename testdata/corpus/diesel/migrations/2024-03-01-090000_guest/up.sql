ALTER TABLE bookings ADD COLUMN guest TEXT;
ALTER TABLE bookings ADD COLUMN token UUID NOT NULL DEFAULT gen_random_uuid();
