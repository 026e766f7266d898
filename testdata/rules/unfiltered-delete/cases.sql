DELETE FROM orders; -- want
DELETE FROM orders WHERE true; -- want
DELETE FROM orders WHERE 1 = 1; -- want
DELETE FROM orders WHERE placed_at < now() - interval '1 year';
CREATE TABLE fresh (a int);
DELETE FROM fresh;
