BEGIN;
ALTER TYPE status ADD VALUE 'lost';
COMMENT ON TYPE status IS 'now with ''lost''';
UPDATE orders SET status = 'lost' WHERE id = 1; -- want
COMMIT;
BEGIN;
CREATE TYPE colour AS ENUM ('red');
ALTER TYPE colour ADD VALUE 'blue';
CREATE TABLE cars (colour colour DEFAULT 'blue');
COMMIT;
