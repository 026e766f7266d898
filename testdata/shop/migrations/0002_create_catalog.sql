-- The catalogue. Attributes differ from product to product (colour, size, voltage ...), so they live
-- in a jsonb column.

BEGIN;

CREATE TABLE categories (
    id         serial PRIMARY KEY,
    parent_id  integer REFERENCES categories (id),
    name       text NOT NULL,
    slug       text NOT NULL
);

CREATE TABLE products (
    id           serial PRIMARY KEY,
    sku          text    NOT NULL UNIQUE,
    category_id  integer NOT NULL REFERENCES categories (id),
    name         text    NOT NULL,
    description  text    NOT NULL DEFAULT '',
    price_cents  integer NOT NULL CHECK (price_cents >= 0),
    attributes   jsonb   NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX products_category_id_idx ON products (category_id);

COMMIT;
