-- Payments come from the provider's callback, shipments from the warehouse.

CREATE TABLE payments (
    id            serial PRIMARY KEY,
    order_id      bigint      NOT NULL REFERENCES orders (id),
    provider      varchar(20) NOT NULL,
    amount_cents  bigint      NOT NULL,
    status        text        NOT NULL DEFAULT 'pending',
    paid_at       timestamp
);

-- The warehouse sends its own numbers, so there is no foreign key yet.
CREATE TABLE shipments (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL,
    carrier      text   NOT NULL,
    tracking_no  text,
    shipped_at   timestamptz
);
