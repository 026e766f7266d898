-- One review per customer and product is enforced by the application for now.

CREATE TABLE reviews (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id   integer NOT NULL REFERENCES products (id),
    customer_id  bigint  NOT NULL REFERENCES customers (id),
    rating       smallint,
    body         text    NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX reviews_product_id_idx ON reviews (product_id);
