ALTER TABLE orders ADD COLUMN channel text CHECK (channel IN ('web', 'shop')); -- want
ALTER TABLE orders ADD COLUMN discount int DEFAULT 0 CHECK (discount >= 0); -- want
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid() CHECK (token IS NOT NULL);
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE days ADD CHECK (id > 0); -- want
ALTER TABLE weeks ADD CHECK (id > 0);
