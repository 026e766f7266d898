BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
CREATE TABLE fresh AS SELECT 1 AS a;
ALTER TABLE invoices ADD CONSTRAINT total_positive CHECK (total > 0); -- want
CREATE INDEX customers_email ON customers (email);
COMMIT;
-- Only the lock that the slow statement takes itself.
BEGIN;
CREATE TABLE other (a int);
CREATE INDEX other_a ON other (a);
CREATE INDEX customers_phone ON customers (phone);
COMMIT;
-- A new table has no rows to look up in the other one.
BEGIN;
ALTER TABLE articles ADD COLUMN slug text;
CREATE TABLE comments (article_id bigint);
ALTER TABLE comments ADD CONSTRAINT comments_article FOREIGN KEY (article_id) REFERENCES articles (id);
COMMIT;
