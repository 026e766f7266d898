-- Customers and their addresses. First cut, before the webshop goes live.

CREATE TABLE customers (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email       text        NOT NULL,
    full_name   text        NOT NULL,
    phone       varchar(20),
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customers_email_key UNIQUE (email)
);

CREATE TABLE addresses (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id  bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    street       text   NOT NULL,
    postal_code  text   NOT NULL,
    city         text   NOT NULL,
    region       text   NOT NULL,
    country      char(2)
);

CREATE INDEX addresses_customer_id_idx ON addresses (customer_id);
