-- The order list in the back office got slow. SHOP-212

CREATE INDEX orders_placed_at_idx ON orders (placed_at);

-- "My orders", newest first.
CREATE INDEX orders_customer_id_placed_at_idx ON orders (customer_id, placed_at);
