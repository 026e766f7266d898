CREATE DOMAIN email AS text CHECK (value LIKE '%@%'); -- want
CREATE DOMAIN name AS text DEFAULT '';
