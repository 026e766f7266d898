-- ANALYZE, CLUSTER and REINDEX inside of a transaction.
-- schema: shop
CREATE TABLE journal (id int PRIMARY KEY, day date, line text);
CREATE INDEX journal_day_idx ON journal (day);
INSERT INTO journal SELECT n, '2024-01-01'::date + n, 'l' || n FROM generate_series(1, 30) n;
CREATE TABLE ledgers (id int, year int NOT NULL) PARTITION BY LIST (year);
CREATE TABLE ledgers_23 PARTITION OF ledgers FOR VALUES IN (2023);
CREATE TABLE ledgers_24 PARTITION OF ledgers FOR VALUES IN (2024);
INSERT INTO ledgers SELECT n, 2023 + n % 2 FROM generate_series(1, 30) n;
CREATE INDEX ledgers_id_idx ON ledgers (id);
CREATE TABLE branches (id int);
CREATE TABLE leaves (color text) INHERITS (branches);
CREATE INDEX leaves_color_idx ON leaves (color);
INSERT INTO branches SELECT generate_series(1, 20);
INSERT INTO leaves SELECT n, 'c' || n FROM generate_series(1, 20) n;
CREATE STATISTICS journal_stats ON day, line FROM journal;
CREATE INDEX journal_expr_idx ON journal ((id % 7));
-- statements
ANALYZE journal;
ANALYZE (VERBOSE false) orders (status, total);
ANALYZE customer_totals;
ANALYZE ledgers;
ANALYZE ledgers_23;
ANALYZE branches;
ANALYZE leaves;
-- pg: 18
ANALYZE ONLY ledgers;
-- pg: 18
ANALYZE ONLY branches;
ANALYZE customers, products;
CLUSTER journal USING journal_day_idx;
CLUSTER journal;
CLUSTER VERBOSE ledgers_23 USING ledgers_23_id_idx;
CLUSTER customer_totals USING customer_totals_id_idx;
REINDEX TABLE journal;
REINDEX INDEX journal_expr_idx;
REINDEX TABLE ledgers_24;
REINDEX INDEX leaves_color_idx;
REINDEX TABLE customers;
CHECKPOINT;
