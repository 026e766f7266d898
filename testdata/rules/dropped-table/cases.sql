DROP TABLE orders; -- want
DROP TABLE IF EXISTS invoices CASCADE; -- want
CREATE TABLE fresh (a int);
DROP TABLE fresh;
DROP TABLE IF EXISTS cache;
CREATE TABLE cache (a int);
