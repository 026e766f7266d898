"""A shop: 13 tables with skew and correlation, primary keys only, and its statements with weights."""

from statements import Statements

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL, city text, country text,
  created_at timestamp NOT NULL, deleted_at timestamp, tier text NOT NULL);
CREATE TABLE addresses (id int PRIMARY KEY, customer_id int NOT NULL, kind text NOT NULL, zip text NOT NULL, street text);
CREATE TABLE categories (id int PRIMARY KEY, parent_id int, name text NOT NULL);
CREATE TABLE products (id int PRIMARY KEY, category_id int NOT NULL, sku text NOT NULL, name text NOT NULL,
  price numeric(10,2) NOT NULL, active boolean NOT NULL, tags text[] NOT NULL, attributes jsonb NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, created_at timestamp NOT NULL,
  shipped_at timestamp, total numeric(10,2) NOT NULL, coupon_id int);
CREATE TABLE order_items (id int PRIMARY KEY, order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL,
  price numeric(10,2) NOT NULL);
CREATE TABLE payments (id int PRIMARY KEY, order_id int NOT NULL, method text NOT NULL, state text NOT NULL,
  paid_at timestamp, amount numeric(10,2) NOT NULL);
CREATE TABLE shipments (id int PRIMARY KEY, order_id int NOT NULL, carrier text NOT NULL, tracking text NOT NULL,
  sent_at timestamp NOT NULL);
CREATE TABLE reviews (id int PRIMARY KEY, product_id int NOT NULL, customer_id int NOT NULL, rating int NOT NULL,
  body text NOT NULL, created_at timestamp NOT NULL);
CREATE TABLE events (id int PRIMARY KEY, customer_id int, kind text NOT NULL, at timestamp NOT NULL, payload jsonb NOT NULL);
CREATE TABLE inventory (product_id int NOT NULL, warehouse_id int NOT NULL, quantity int NOT NULL,
  PRIMARY KEY (product_id, warehouse_id));
CREATE TABLE coupons (id int PRIMARY KEY, code text NOT NULL, valid tsrange NOT NULL, percent int NOT NULL);
CREATE TABLE tickets (id int PRIMARY KEY, customer_id int NOT NULL, state text NOT NULL, priority int NOT NULL,
  assignee text, opened_at timestamp NOT NULL, subject text NOT NULL);
"""

DATA = """
SELECT setseed(0.42);
INSERT INTO customers SELECT i, 'user' || i || '@example' || i % 50 || '.com',
  (ARRAY['Anna','Bert','Carla','Dora','Emil','Fritz','Gerda','Hans'])[1 + i % 8] || ' ' || md5(i::text),
  'city' || (power(random(), 3) * 400)::int, (ARRAY['de','de','de','de','fr','fr','us','us','at','it'])[1 + (i * 7) % 10],
  '2021-01-01'::timestamp + i * interval '40 minutes', CASE WHEN random() < 0.03 THEN '2024-01-01'::timestamp END,
  CASE WHEN random() < 0.02 THEN 'gold' WHEN random() < 0.1 THEN 'silver' ELSE 'plain' END FROM generate_series(1, 40000) i;
INSERT INTO addresses SELECT i, 1 + (i * 7919) % 40000, CASE i % 3 WHEN 0 THEN 'billing' ELSE 'shipping' END,
  lpad((random() * 99999)::int::text, 5, '0'), 'street ' || i FROM generate_series(1, 60000) i;
INSERT INTO categories SELECT i, NULLIF(i / 10, 0), 'category ' || i FROM generate_series(1, 300) i;
INSERT INTO products SELECT i, 1 + (power(random(), 2) * 299)::int, 'SKU-' || md5(i::text), 'product ' || md5((i * 3)::text),
  (random() * 500)::numeric(10,2), random() < 0.9, ARRAY['t' || i % 97, 'u' || i % 13, 'v' || (random() * 1000)::int],
  jsonb_build_object('color', 'c' || i % 40, 'size', i % 12, 'brand', 'b' || (power(random(), 2) * 800)::int)
  FROM generate_series(1, 20000) i;
INSERT INTO orders SELECT i, 1 + (power(random(), 2.5) * 39999)::int,
  CASE WHEN i > 148500 THEN (ARRAY['new','paid','packed'])[1 + i % 3] WHEN random() < 0.04 THEN 'returned' ELSE 'done' END,
  '2022-01-01'::timestamp + i * interval '10 minutes' + random() * interval '1 hour',
  CASE WHEN i <= 148500 THEN '2022-01-03'::timestamp + i * interval '10 minutes' END, (random() * 900)::numeric(10,2),
  CASE WHEN random() < 0.05 THEN (random() * 1999)::int + 1 END FROM generate_series(1, 150000) i;
INSERT INTO order_items SELECT i, 1 + (i / 2) % 150000, 1 + (power(random(), 3) * 19999)::int, 1 + i % 4,
  (random() * 300)::numeric(10,2) FROM generate_series(1, 300000) i;
INSERT INTO payments SELECT i, i, (ARRAY['card','card','card','paypal','invoice'])[1 + i % 5],
  CASE WHEN random() < 0.01 THEN 'failed' WHEN random() < 0.02 THEN 'pending' ELSE 'settled' END,
  '2022-01-01'::timestamp + i * interval '10 minutes', (random() * 900)::numeric(10,2) FROM generate_series(1, 145000) i;
INSERT INTO shipments SELECT i, i, (ARRAY['dhl','ups','dpd','gls'])[1 + i % 4], 'T' || md5(i::text),
  '2022-01-02'::timestamp + i * interval '10 minutes' FROM generate_series(1, 140000) i;
INSERT INTO reviews SELECT i, 1 + (power(random(), 3) * 19999)::int, 1 + (random() * 39999)::int, 1 + (i * 11) % 5,
  'review ' || md5(i::text) || ' ' || md5((i * 2)::text), '2022-01-01'::timestamp + i * interval '25 minutes'
  FROM generate_series(1, 60000) i;
INSERT INTO events SELECT i, CASE WHEN random() < 0.7 THEN 1 + (random() * 39999)::int END,
  (ARRAY['view','view','view','view','cart','cart','search','login','error','signup'])[1 + (random() * 9)::int],
  '2024-01-01'::timestamp + i * interval '2 minutes',
  jsonb_build_object('page', '/p/' || (random() * 5000)::int, 'session', md5((i / 10)::text)) FROM generate_series(1, 200000) i;
INSERT INTO inventory SELECT p, w, (random() * 100)::int FROM generate_series(1, 20000) p, generate_series(1, 3) w;
INSERT INTO coupons SELECT i, 'CODE' || md5(i::text), tsrange('2022-01-01'::timestamp + i * interval '1 day' / 2,
  '2022-01-15'::timestamp + i * interval '1 day' / 2), 5 + i % 40 FROM generate_series(1, 20000) i;
INSERT INTO tickets SELECT i, 1 + (random() * 39999)::int, CASE WHEN random() < 0.03 THEN 'open' WHEN random() < 0.05 THEN
  'waiting' ELSE 'closed' END, 1 + i % 4, CASE WHEN random() < 0.8 THEN 'agent' || i % 60 END,
  '2023-01-01'::timestamp + i * interval '15 minutes', 'subject ' || md5(i::text) FROM generate_series(1, 50000) i;
"""


def queries():
    """The statements; constants differ from sample to sample."""
    result = Statements(7)
    rng, add = result.random, result.add

    def skewed(n, power=2.5):
        return result.skewed(n, power)

    def number(n):
        return result.number(1, n)

    def day(year, days):
        return lambda: f"{year + rng.randint(0, days) // 365}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"

    def one_of(*words):
        return lambda: rng.choice(words)

    customer, order, product = skewed(40000), number(150000), skewed(20000, 3)
    email = lambda: "user{0}@example{1}.com".format(n := rng.randint(1, 40000), n % 50)
    # Single rows and short lists.
    add(3000, "SELECT * FROM customers WHERE id = {c}", c=customer)
    add(900, "SELECT id, name FROM customers WHERE email = '{e}'", e=email)
    add(400, "SELECT id FROM customers WHERE lower(email) = '{e}'", e=email)
    add(700, "SELECT * FROM addresses WHERE customer_id = {c} AND kind = 'shipping'", c=customer)
    add(300, "SELECT * FROM addresses WHERE customer_id = {c}", c=customer)
    add(1500, "SELECT * FROM orders WHERE customer_id = {c} ORDER BY created_at DESC LIMIT 10", c=customer)
    add(600, "SELECT count(*) FROM orders WHERE customer_id = {c} AND status = 'done'", c=customer)
    add(2000, "SELECT * FROM order_items WHERE order_id = {o}", o=order)
    add(800, "SELECT * FROM payments WHERE order_id = {o}", o=order)
    add(500, "SELECT * FROM shipments WHERE order_id = {o}", o=order)
    add(300, "SELECT order_id FROM shipments WHERE tracking = md5('{o}')", o=order)
    add(900, "SELECT * FROM products WHERE sku = 'SKU-' || md5('{p}')", p=product)
    add(500, "SELECT id, name, price FROM products WHERE category_id = {k} AND active ORDER BY price LIMIT 20", k=skewed(300, 2))
    add(300, "SELECT id, name FROM products WHERE category_id = {k}", k=skewed(300, 2))
    add(700, "SELECT * FROM reviews WHERE product_id = {p} ORDER BY created_at DESC LIMIT 5", p=product)
    add(300, "SELECT avg(rating), count(*) FROM reviews WHERE product_id = {p}", p=product)
    add(200, "SELECT * FROM reviews WHERE customer_id = {c}", c=customer)
    add(800, "SELECT * FROM coupons WHERE code = 'CODE' || md5('{n}')", n=number(20000))
    add(100, "SELECT id, percent FROM coupons WHERE valid @> '{d}'::timestamp", d=day(2023, 3000))
    add(600, "SELECT * FROM inventory WHERE product_id = {p}", p=product)
    add(100, "SELECT product_id, quantity FROM inventory WHERE warehouse_id = {w} AND quantity < 3", w=number(3))
    add(400, "SELECT * FROM tickets WHERE state = 'open' ORDER BY priority, opened_at LIMIT 20")
    add(300, "SELECT * FROM tickets WHERE assignee = 'agent{a}' AND state = 'open'", a=number(59))
    add(250, "SELECT * FROM tickets WHERE customer_id = {c} ORDER BY opened_at DESC", c=customer)
    add(150, "SELECT * FROM tickets WHERE state IN ('open', 'waiting') AND opened_at < '{d}'", d=day(2023, 300))
    add(900, "SELECT * FROM events WHERE customer_id = {c} ORDER BY at DESC LIMIT 20", c=number(40000))
    add(120, "SELECT * FROM events WHERE kind = 'error' AND at > '2024-10-0{n}' ORDER BY at DESC LIMIT 50", n=number(5))
    add(80, "SELECT * FROM events WHERE payload @> '{{\"page\": \"/p/{n}\"}}'", n=number(5000))
    add(60, "SELECT * FROM events WHERE payload->>'session' = md5('{n}')", n=number(20000))
    add(100, "SELECT id, name FROM products WHERE attributes @> '{{\"brand\": \"b{n}\", \"color\": \"c{m}\"}}'", n=number(800), m=number(39))
    add(150, "SELECT id, name FROM products WHERE tags @> ARRAY['v{n}']", n=number(1000))
    add(200, "SELECT id, name FROM products WHERE name LIKE '%{n}%'", n=lambda: f"{rng.randrange(16**5):05x}")
    add(120, "SELECT id, name FROM customers WHERE name ILIKE '%{n}%'", n=lambda: f"{rng.randrange(16**5):05x}")
    add(200, "SELECT id, email FROM customers WHERE email LIKE 'user{n}%' LIMIT 10", n=number(3999))
    add(60, "SELECT id, name FROM customers WHERE city = 'city{n}' AND country = '{k}'", n=skewed(400, 3), k=one_of("de", "fr", "us"))
    add(40, "SELECT id, email FROM customers WHERE tier = 'gold' AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 50")
    add(300, "SELECT id, total FROM orders WHERE status = 'new' ORDER BY created_at LIMIT 100")
    add(200, "SELECT count(*) FROM orders WHERE status = 'paid'")
    add(100, "SELECT id, order_id, amount FROM payments WHERE state = 'failed' AND paid_at >= '2024-0{m}-01'", m=number(9))
    add(30, "SELECT max(created_at) FROM orders")
    add(50, "SELECT min(sent_at), max(sent_at) FROM shipments")
    # Joins.
    add(400, "SELECT o.id, o.total, i.quantity, p.name FROM orders o JOIN order_items i ON i.order_id = o.id"
             " JOIN products p ON p.id = i.product_id WHERE o.customer_id = {c}", c=customer)
    add(150, "SELECT c.name, o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.email = '{e}'", e=email)
    add(60, "SELECT p.name, sum(i.quantity) FROM order_items i JOIN products p ON p.id = i.product_id"
            " WHERE p.category_id = {k} GROUP BY p.name", k=skewed(300, 2))
    add(50, "SELECT o.id, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'packed'"
            " ORDER BY o.created_at LIMIT 50")
    add(80, "SELECT c.id, c.name FROM customers c WHERE c.country = 'at' AND EXISTS (SELECT 1 FROM tickets t"
            " WHERE t.customer_id = c.id AND t.state = 'open')")
    add(60, "SELECT * FROM products p WHERE p.id IN (SELECT i.product_id FROM order_items i WHERE i.order_id = {o})", o=order)
    add(40, "SELECT o.id FROM orders o LEFT JOIN payments y ON y.order_id = o.id WHERE o.created_at >= '2024-1{m}-01'"
            " AND y.id IS NULL", m=number(1))
    add(70, "SELECT c.name, a.zip, o.id FROM customers c JOIN addresses a ON a.customer_id = c.id JOIN orders o"
            " ON o.customer_id = c.id WHERE a.zip = '{z}'", z=lambda: f"{rng.randint(0, 99999):05d}")
    add(30, "SELECT c.email, p.name, r.rating FROM reviews r JOIN products p ON p.id = r.product_id JOIN customers c"
            " ON c.id = r.customer_id WHERE r.rating = 1 AND r.created_at > '2024-1{m}-20'", m=number(1))
    add(25, "SELECT k.name, count(*) FROM categories k JOIN products p ON p.category_id = k.id JOIN order_items i"
            " ON i.product_id = p.id JOIN orders o ON o.id = i.order_id WHERE o.created_at BETWEEN '2023-0{m}-01'"
            " AND '2023-0{m}-03' GROUP BY k.name", m=number(9))
    add(20, "SELECT c.name, o.id, y.state, s.tracking, sum(i.price) FROM customers c JOIN orders o ON o.customer_id = c.id"
            " JOIN payments y ON y.order_id = o.id JOIN shipments s ON s.order_id = o.id JOIN order_items i ON i.order_id = o.id"
            " WHERE c.id = {c} GROUP BY 1, 2, 3, 4", c=customer)
    add(15, "SELECT c.country, k.name, sum(i.price) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN order_items i"
            " ON i.order_id = o.id JOIN products p ON p.id = i.product_id JOIN categories k ON k.id = p.category_id"
            " JOIN payments y ON y.order_id = o.id WHERE o.created_at >= '2024-09-{n}' AND y.method = 'invoice' GROUP BY 1, 2",
        n=lambda: f"{rng.randint(10, 28)}")
    # Reports.
    add(10, "SELECT date_trunc('day', created_at), sum(total) FROM orders WHERE created_at >= '2024-0{m}-01' AND"
            " created_at < '2024-0{m}-08' GROUP BY 1", m=number(8))
    add(8, "SELECT status, count(*) FROM orders WHERE created_at >= '2024-0{m}-01' GROUP BY status", m=number(9))
    add(5, "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC LIMIT 20")
    add(6, "SELECT kind, count(*) FROM events WHERE at >= '2024-0{m}-10' AND at < '2024-0{m}-12' GROUP BY kind", m=number(9))
    add(6, "SELECT method, sum(amount) FROM payments WHERE paid_at BETWEEN '2023-0{m}-01' AND '2023-0{m}-05' GROUP BY method", m=number(9))
    # Writes.
    add(300, "UPDATE orders SET status = 'paid' WHERE id = {o}", o=order)
    add(200, "UPDATE inventory SET quantity = quantity - 1 WHERE product_id = {p} AND warehouse_id = {w}", p=product, w=number(3))
    add(100, "UPDATE tickets SET state = 'closed' WHERE customer_id = {c} AND state = 'waiting'", c=customer)
    add(40, "DELETE FROM events WHERE at < '2024-01-01 0{n}:00'", n=number(5))
    add(60, "DELETE FROM addresses WHERE customer_id = {c} AND kind = 'billing'", c=customer)
    return result


INSERTS = [
    (400, "INSERT INTO orders (id, customer_id, status, created_at, total) VALUES ({n}, 5, 'new', '2024-11-09', 10)"),
    (800, "INSERT INTO order_items (id, order_id, product_id, quantity, price) VALUES ({n}, 5, 7, 1, 10)"),
    (1500, "INSERT INTO events (id, customer_id, kind, at, payload) VALUES ({n}, 5, 'view', '2024-11-09', '{{}}')"),
]
