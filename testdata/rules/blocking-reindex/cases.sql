REINDEX INDEX orders_email; -- want
REINDEX SCHEMA public; -- want
-- The safe form.
REINDEX INDEX CONCURRENTLY orders_email;
-- Nobody uses it yet.
CREATE TABLE fresh (id int PRIMARY KEY);
REINDEX TABLE fresh;
