ALTER TABLE orders ADD COLUMN channel text NOT NULL; -- want
ALTER TABLE orders ADD COLUMN medium text NOT NULL DEFAULT NULL; -- want
ALTER TABLE orders ADD COLUMN origin text NOT NULL DEFAULT 'web';
ALTER TABLE orders ADD COLUMN number bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
ALTER TABLE orders ADD COLUMN remark text;
-- No rows.
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD COLUMN b int NOT NULL;
TRUNCATE cache;
ALTER TABLE cache ADD COLUMN version int NOT NULL;
