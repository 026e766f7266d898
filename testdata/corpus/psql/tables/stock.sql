CREATE TABLE warehouse.stock (
    sku text PRIMARY KEY,
    qty integer NOT NULL CHECK (qty >= 0)
);
SELECT format('GRANT SELECT ON warehouse.%I TO PUBLIC', relname)
FROM pg_class WHERE relnamespace = 'warehouse'::regnamespace \gexec
