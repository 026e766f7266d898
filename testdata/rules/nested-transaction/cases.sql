COMMIT; -- want
BEGIN;
BEGIN; -- want
SAVEPOINT a;
ROLLBACK TO a;
COMMIT;
BEGIN;
COMMIT AND CHAIN;
COMMIT;
DO $$ BEGIN UPDATE orders SET state = 'new' WHERE id < 1000; COMMIT; UPDATE orders SET state = 'new' WHERE id >= 1000; END $$;
BEGIN;
DO $$ BEGIN UPDATE orders SET state = 'new' WHERE id < 1000; COMMIT; END $$; -- want
COMMIT;
