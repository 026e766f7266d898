DROP INDEX orders_email; -- want
DROP INDEX IF EXISTS a, b CASCADE; -- want
DROP INDEX CONCURRENTLY orders_city;
CREATE TABLE fresh (a int);
CREATE INDEX fresh_a ON fresh (a);
DROP INDEX fresh_a;
