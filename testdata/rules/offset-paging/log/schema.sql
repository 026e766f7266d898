CREATE TABLE orders (id int, placed_at timestamptz);
