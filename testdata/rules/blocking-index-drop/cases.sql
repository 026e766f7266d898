DROP INDEX orders_email; -- want
DROP INDEX IF EXISTS a, b CASCADE; -- want
DROP INDEX CONCURRENTLY orders_city;
CREATE TABLE fresh (a int);
CREATE INDEX fresh_a ON fresh (a);
DROP INDEX fresh_a;
DROP INDEX IF EXISTS fresh_b;
CREATE INDEX fresh_b ON fresh (a);
DROP INDEX IF EXISTS others_a; -- want
CREATE INDEX others_a ON others (a);
DROP INDEX IF EXISTS later_a;
CREATE TABLE later (a int);
CREATE INDEX later_a ON later (a);
