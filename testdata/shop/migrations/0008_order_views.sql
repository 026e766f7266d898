-- For the back office and the monthly report.

CREATE VIEW order_summary AS
SELECT o.id, o.placed_at, o.status, c.email, c.full_name,
       count(i.line_no)                      AS lines,
       sum(i.quantity * i.unit_price_cents)  AS items_cents
  FROM orders o
  JOIN customers c ON c.id = o.customer_id
  LEFT JOIN order_items i ON i.order_id = o.id
 GROUP BY o.id, c.id;

CREATE VIEW best_sellers AS
SELECT p.id, p.sku, p.name, sum(i.quantity) AS sold
  FROM products p
  JOIN order_items i ON i.product_id = p.id
 GROUP BY p.id;
