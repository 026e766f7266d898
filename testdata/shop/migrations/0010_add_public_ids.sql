-- Do not show serial numbers to the outside any more. SHOP-240

ALTER TABLE orders
    ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();

ALTER TABLE customers
    ADD COLUMN last_seen_at timestamptz DEFAULT clock_timestamp();
