CREATE FUNCTION add_channel() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'orders_channel') THEN
    CREATE INDEX orders_channel ON orders (channel);
  END IF;
  CREATE TABLE made (id int);
  CREATE INDEX made_id ON made (id);
END;
$$;
SELECT add_channel(); -- want
CREATE PROCEDURE pg_temp.add_state() LANGUAGE sql AS 'CREATE INDEX orders_state ON orders (state)';
CALL pg_temp.add_state(); -- want
CREATE FUNCTION never_called() RETURNS void LANGUAGE sql AS 'CREATE INDEX orders_a ON orders (a)';
SELECT 1;
