CREATE DOMAIN short AS varchar(10) CHECK (value <> '');
CREATE TABLE t (a integer, b varchar(20), c numeric(8,2), d timestamp, e varchar(20)[], f text, g cidr);
