-- A constant default costs nothing since PostgreSQL 11: no row is touched.

SET lock_timeout = '3s';

ALTER TABLE carts ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR';
