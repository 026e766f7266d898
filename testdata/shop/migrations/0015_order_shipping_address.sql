-- Keep which address an order went to. SHOP-301

ALTER TABLE orders ADD COLUMN shipping_address_id bigint;

ALTER TABLE orders
    ADD CONSTRAINT orders_shipping_address_id_fkey
    FOREIGN KEY (shipping_address_id) REFERENCES addresses (id);

-- A refund is a payment of its own with another status, never a negative amount.
ALTER TABLE payments
    ADD CONSTRAINT payments_amount_check CHECK (amount_cents > 0);
