-- Where an order came from. All old orders came from the web except the gifts.

BEGIN;

ALTER TABLE orders ADD COLUMN channel text;

UPDATE orders
   SET channel = CASE WHEN note LIKE 'Gift%' THEN 'gift' ELSE 'web' END;

ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;

COMMIT;
