BEGIN;

CREATE TABLE inventory (
    product_id  integer PRIMARY KEY REFERENCES products (id),
    on_hand     integer NOT NULL DEFAULT 0,
    reserved    integer NOT NULL DEFAULT 0,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT inventory_on_hand_check CHECK (on_hand >= 0)
);

CREATE TABLE carts (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id  bigint REFERENCES customers (id) ON DELETE SET NULL,
    contents     jsonb NOT NULL DEFAULT '[]',
    updated_at   timestamptz NOT NULL DEFAULT now()
);

COMMIT;
