-- Views: on tables, on views, replaced, altered, with rules and triggers, dropped.
-- schema: shop
CREATE TABLE staff_of (id int, name text);
CREATE VIEW staff_names AS SELECT name FROM staff_of;
INSERT INTO staff_of VALUES (1, 'x');
-- statements
CREATE VIEW paid_orders AS SELECT id, total FROM orders WHERE status = 'paid';
CREATE OR REPLACE VIEW paid_orders AS SELECT id, total, placed_at FROM orders WHERE status = 'paid';
CREATE OR REPLACE VIEW fresh_view AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id;
CREATE VIEW over_totals AS SELECT * FROM open_totals WHERE total > 100;
CREATE VIEW over_mat AS SELECT name FROM customer_totals;
CREATE VIEW with_sub AS SELECT (SELECT max(price) FROM products) AS top, EXISTS (SELECT 1 FROM invoices) AS any_invoice;
CREATE VIEW with_cte AS WITH x AS (SELECT * FROM order_lines) SELECT count(*) FROM x;
CREATE VIEW of_union AS SELECT id FROM orders UNION SELECT id FROM reminders;
CREATE RECURSIVE VIEW upline (id, depth) AS SELECT id, 0 FROM customers WHERE referred_by IS NULL UNION ALL SELECT c.id, u.depth + 1 FROM customers c JOIN upline u ON c.referred_by = u.id;
CREATE TEMP VIEW temp_orders AS SELECT * FROM orders;
-- pg: 15-
CREATE VIEW invoking WITH (security_invoker = true) AS SELECT * FROM staff_of;
CREATE VIEW checked_view AS SELECT * FROM staff_of WHERE id > 0 WITH LOCAL CHECK OPTION;
ALTER VIEW paid_orders RENAME TO settled_orders;
ALTER VIEW settled_orders RENAME COLUMN total TO amount;
ALTER VIEW settled_orders ALTER COLUMN amount SET DEFAULT 0;
ALTER VIEW settled_orders ALTER COLUMN amount DROP DEFAULT;
ALTER VIEW settled_orders SET (security_barrier = true);
ALTER VIEW settled_orders RESET (security_barrier);
ALTER VIEW settled_orders OWNER TO app_owner;
ALTER VIEW settled_orders SET SCHEMA audit;
ALTER VIEW IF EXISTS settled_orders SET SCHEMA audit;
ALTER VIEW IF EXISTS gone_view ALTER COLUMN x SET DEFAULT 1;
CREATE RULE staff_names_insert AS ON INSERT TO staff_names DO INSTEAD INSERT INTO staff_of (name) VALUES (NEW.name);
CREATE FUNCTION staff_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM staff_of WHERE name = OLD.name; RETURN OLD; END $$;
CREATE TRIGGER staff_names_delete INSTEAD OF DELETE ON staff_names FOR EACH ROW EXECUTE FUNCTION staff_delete();
INSERT INTO staff_names VALUES ('y');
DELETE FROM staff_names WHERE name = 'y';
UPDATE checked_view SET name = 'z' WHERE id = 1;
SELECT * FROM over_totals;
LOCK TABLE fresh_view IN SHARE MODE;
COMMENT ON VIEW fresh_view IS 'fresh';
DROP RULE staff_names_insert ON staff_names;
DROP TRIGGER staff_names_delete ON staff_names;
DROP VIEW staff_names, checked_view;
DROP VIEW IF EXISTS gone_view, over_mat;
DROP VIEW open_totals CASCADE;
DROP VIEW audit.settled_orders RESTRICT;
