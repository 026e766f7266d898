CREATE TABLE offers (ends date, CHECK (ends > current_date)); -- want
ALTER TABLE orders ADD CONSTRAINT past CHECK (placed_at <= now()) NOT VALID; -- want
CREATE TABLE good (begins date, ends date, CHECK (ends > begins), CHECK (lower('A') = 'a'));
