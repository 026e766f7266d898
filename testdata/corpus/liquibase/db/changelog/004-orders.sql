--liquibase formatted sql

--changeset omar:orders
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    user_id uuid REFERENCES users,
    placed timestamp DEFAULT now(),
    total numeric(12, 2)
);
CREATE INDEX ON orders (user_id);
--rollback DROP TABLE orders;
