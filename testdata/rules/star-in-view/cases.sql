CREATE VIEW v AS SELECT * FROM orders; -- want
CREATE VIEW w AS SELECT count(*) FROM orders;
