-- A billing system: plans, subscriptions, usage in monthly partitions, invoices with lines, payments, credit notes, dunning; money as domains and generated columns.
CREATE SCHEMA billing;
CREATE SCHEMA crm;
SET search_path = billing, crm, public;
CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN currency AS char(3) DEFAULT 'USD' NOT NULL;
CREATE TYPE invoice_state AS ENUM ('draft', 'open', 'paid', 'void');
CREATE TABLE crm.accounts (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, name text NOT NULL, email varchar(120) UNIQUE, country char(2), parent_id uuid REFERENCES crm.accounts ON DELETE RESTRICT, metadata jsonb, deleted_at timestamptz);
CREATE INDEX accounts_email_lower ON crm.accounts (lower(email));
CREATE INDEX accounts_metadata ON crm.accounts USING gin (metadata jsonb_path_ops);
CREATE TABLE plans (id serial PRIMARY KEY, code varchar(30) NOT NULL, version int NOT NULL DEFAULT 1, price cents, currency currency, interval_months smallint, UNIQUE (code, version));
CREATE TABLE plan_features (plan_id int REFERENCES plans ON DELETE CASCADE, feature text, quota int, PRIMARY KEY (plan_id, feature));
CREATE TABLE subscriptions (id bigserial PRIMARY KEY, account_id uuid NOT NULL REFERENCES crm.accounts, plan_id int NOT NULL, starts date NOT NULL, ends date, canceled_at timestamp, quantity int DEFAULT 1, CONSTRAINT subscriptions_plan FOREIGN KEY (plan_id) REFERENCES plans ON UPDATE CASCADE, CONSTRAINT sane_dates CHECK (ends IS NULL OR ends > starts));
CREATE INDEX subscriptions_active ON subscriptions (account_id) WHERE canceled_at IS NULL;
CREATE TABLE usage_records (subscription_id bigint NOT NULL REFERENCES subscriptions, metric text NOT NULL, at timestamptz NOT NULL, amount numeric(18, 6) NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE usage_2024_01 PARTITION OF usage_records FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE usage_2024_02 PARTITION OF usage_records FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE usage_2024_03 PARTITION OF usage_records FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
CREATE INDEX usage_sub_at ON usage_records (subscription_id, at DESC);
CREATE SEQUENCE invoice_numbers START 1000;
CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text DEFAULT 'INV-' || nextval('invoice_numbers'), account_id uuid REFERENCES crm.accounts, subscription_id bigint REFERENCES subscriptions ON DELETE SET NULL, state invoice_state NOT NULL DEFAULT 'draft', issued date, due date, subtotal cents DEFAULT 0, tax cents DEFAULT 0, total bigint GENERATED ALWAYS AS (subtotal::bigint + tax::bigint) STORED);
CREATE UNIQUE INDEX invoices_number ON invoices (number);
CREATE TABLE invoice_lines (invoice_id bigint NOT NULL REFERENCES invoices ON DELETE CASCADE, pos int NOT NULL, text varchar(200), amount bigint, quantity numeric(10, 2) DEFAULT 1, plan_id int REFERENCES plans, PRIMARY KEY (invoice_id, pos));
CREATE TABLE payments (id serial PRIMARY KEY, invoice_id bigint REFERENCES invoices, method text CHECK (method IN ('card', 'sepa', 'wire')), amount cents, received timestamptz DEFAULT now(), provider_ref text);
CREATE TABLE credit_notes (id serial PRIMARY KEY, invoice_id bigint REFERENCES invoices DEFERRABLE INITIALLY DEFERRED, amount cents, reason text);
CREATE TABLE dunning (invoice_id bigint PRIMARY KEY REFERENCES invoices ON DELETE CASCADE, level int DEFAULT 0, next_at timestamptz);
CREATE TABLE ledger (id bigserial, account text, debit bigint, credit bigint, doc jsonb, booked timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION post_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing.ledger (account, debit) VALUES (NEW.method, NEW.amount);
  UPDATE billing.invoices SET state = 'paid' WHERE id = NEW.invoice_id;
  RETURN NEW;
END $$;
CREATE TRIGGER payments_post AFTER INSERT ON payments FOR EACH ROW EXECUTE FUNCTION post_payment();
CREATE FUNCTION recalc() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    UPDATE billing.invoices i SET subtotal = (SELECT sum(amount) FROM billing.invoice_lines l WHERE l.invoice_id = i.id) WHERE i.id = NEW.invoice_id;
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE billing.invoices SET subtotal = 0 WHERE id = OLD.invoice_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER lines_recalc AFTER INSERT OR UPDATE OF amount OR DELETE ON invoice_lines FOR EACH ROW EXECUTE FUNCTION recalc();
CREATE VIEW open_invoices AS SELECT i.*, a.name FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE state = 'open';
CREATE VIEW overdue AS SELECT o.id, o.name, o.total, d.level FROM open_invoices o LEFT JOIN dunning d ON d.invoice_id = o.id WHERE o.due < current_date;
CREATE MATERIALIZED VIEW revenue AS SELECT date_trunc('month', received) AS month, sum(amount::bigint) AS total FROM payments GROUP BY 1;
CREATE UNIQUE INDEX revenue_month ON revenue (month);
CREATE FUNCTION account_balance(a uuid) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT coalesce(sum(i.total), 0) - coalesce((SELECT sum(p.amount::bigint) FROM billing.payments p JOIN billing.invoices i2 ON i2.id = p.invoice_id WHERE i2.account_id = a), 0) FROM billing.invoices i WHERE i.account_id = a $$;
INSERT INTO accounts (id, name, email, country) SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'a' || n, 'a' || n || '@x.io', 'DE' FROM generate_series(1, 6) n;
INSERT INTO plans (code, price, interval_months) VALUES ('free', 0, 1), ('pro', 900, 1), ('team', 4900, 12);
INSERT INTO plan_features VALUES (1, 'api', 100), (2, 'api', 1000), (3, 'api', NULL);
INSERT INTO subscriptions (account_id, plan_id, starts) SELECT id, 1 + (row_number() OVER ()) % 3, '2024-01-01' FROM accounts;
INSERT INTO usage_records SELECT 1 + n % 6, 'calls', '2024-01-05'::timestamptz + n * interval '2 days', n FROM generate_series(1, 36) n;
INSERT INTO invoices (account_id, subscription_id, state, issued, due) SELECT account_id, id, 'open', '2024-02-01', '2024-02-15' FROM subscriptions;
INSERT INTO invoice_lines SELECT id, 1, 'plan', 900, 1, 2 FROM invoices;
INSERT INTO payments (invoice_id, method, amount) VALUES (1, 'card', 900), (2, 'sepa', 900);
INSERT INTO credit_notes (invoice_id, amount) VALUES (1, 10);
INSERT INTO dunning VALUES (3, 1, now());
REFRESH MATERIALIZED VIEW revenue;
-- statements
SET search_path = billing, crm, public;
ALTER TABLE plans ADD COLUMN trial_days int NOT NULL DEFAULT 14, ADD COLUMN archived boolean;
UPDATE plans SET archived = false WHERE archived IS NULL;
ALTER TABLE plans ALTER COLUMN archived SET NOT NULL, ALTER COLUMN archived SET DEFAULT false;
ALTER TABLE plans ALTER COLUMN code TYPE varchar(60);
ALTER TABLE plans ALTER COLUMN interval_months TYPE int;
ALTER TABLE subscriptions DROP CONSTRAINT subscriptions_plan, ADD CONSTRAINT subscriptions_plan_fk FOREIGN KEY (plan_id) REFERENCES plans (id);
ALTER TABLE subscriptions ADD COLUMN period daterange GENERATED ALWAYS AS (daterange(starts, ends)) STORED;
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE subscriptions ADD CONSTRAINT one_at_a_time EXCLUDE USING gist (account_id WITH =, plan_id WITH =, period WITH &&) WHERE (canceled_at IS NULL);
ALTER TABLE subscriptions ADD COLUMN seats int CHECK (seats > 0), ADD COLUMN coupon text;
UPDATE subscriptions SET seats = quantity;
ALTER TABLE subscriptions RENAME COLUMN quantity TO units;
CREATE TABLE coupons (code text PRIMARY KEY, percent int NOT NULL CHECK (percent BETWEEN 1 AND 100), plan_id int REFERENCES plans, redeemed int DEFAULT 0);
INSERT INTO coupons SELECT 'C' || id, 10, id FROM plans;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_coupon FOREIGN KEY (coupon) REFERENCES coupons ON DELETE SET NULL NOT VALID;
-- rows
ALTER TABLE subscriptions VALIDATE CONSTRAINT subscriptions_coupon;
UPDATE subscriptions SET coupon = 'C1' WHERE id = 1;
DELETE FROM coupons WHERE code = 'C3';
CREATE TABLE usage_2024_04 PARTITION OF usage_records FOR VALUES FROM ('2024-04-01') TO ('2024-05-01');
CREATE TABLE usage_default PARTITION OF usage_records DEFAULT;
INSERT INTO usage_records VALUES (1, 'storage', '2024-04-04', 12), (2, 'storage', '2024-04-05', 13);
INSERT INTO usage_records (subscription_id, metric, at, amount) SELECT 1, 'calls', timestamptz '2024-02-11 10:00', 5;
ALTER TABLE usage_records ADD COLUMN billed boolean DEFAULT false, ADD COLUMN invoice_id bigint REFERENCES invoices;
UPDATE usage_records SET billed = true WHERE at < '2024-02-01';
UPDATE usage_records u SET invoice_id = i.id FROM invoices i WHERE i.subscription_id = u.subscription_id AND u.at >= '2024-02-01' AND u.at < '2024-03-01';
SELECT subscription_id, sum(amount) FROM usage_records WHERE at BETWEEN '2024-01-01' AND '2024-01-31' GROUP BY 1;
CREATE INDEX usage_unbilled ON usage_records (subscription_id) WHERE NOT billed;
CREATE UNIQUE INDEX CONCURRENTLY payments_ref ON payments (provider_ref);
-- mode: A
ALTER TABLE payments ADD CONSTRAINT payments_ref_key UNIQUE USING INDEX payments_ref;
-- mode: A
INSERT INTO payments (invoice_id, method, amount, provider_ref) VALUES (3, 'card', 900, 'ch_3') ON CONFLICT (provider_ref) DO NOTHING;
ALTER TABLE payments DROP CONSTRAINT payments_method_check, ADD CONSTRAINT payments_method_check CHECK (method IN ('card', 'sepa', 'wire', 'paypal'));
INSERT INTO invoice_lines (invoice_id, pos, text, amount) VALUES (1, 2, 'extra', 100);
UPDATE invoice_lines SET text = 'Plan' WHERE pos = 1;
UPDATE invoice_lines SET amount = 950 WHERE invoice_id = 1 AND pos = 1;
DELETE FROM invoice_lines WHERE invoice_id = 1 AND pos = 2;
INSERT INTO credit_notes (invoice_id, amount, reason) VALUES (2, 5, 'goodwill');
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO invoices (account_id, state) SELECT id, 'draft' FROM accounts WHERE country = 'DE' LIMIT 1 RETURNING id, number;
ALTER TABLE invoices ALTER COLUMN number SET NOT NULL;
DROP VIEW overdue;
DROP VIEW open_invoices;
ALTER TABLE invoices ALTER COLUMN due TYPE timestamptz USING due::timestamptz;
ALTER TABLE invoices DROP COLUMN total, ADD COLUMN total numeric(14, 2);
ALTER TYPE invoice_state ADD VALUE 'uncollectible';
ALTER TABLE invoices ADD COLUMN currency currency;
ALTER TABLE invoices ADD COLUMN paid_at timestamptz, ADD CONSTRAINT paid_when CHECK ((state = 'paid') = (paid_at IS NOT NULL)) NOT VALID;
UPDATE invoices SET paid_at = now() WHERE state = 'paid';
ALTER TABLE invoices VALIDATE CONSTRAINT paid_when;
CREATE VIEW open_invoices AS SELECT id, number, account_id, due FROM invoices WHERE state = 'open';
GRANT SELECT ON open_invoices, revenue TO app_reader;
ALTER TABLE accounts ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(name, '') || ' ' || coalesce(email, ''))) STORED;
CREATE INDEX accounts_search ON accounts USING gin (search);
SELECT id, account_balance(id) FROM accounts WHERE deleted_at IS NULL;
UPDATE accounts SET deleted_at = now() WHERE id = '00000000-0000-0000-0000-000000000006';
ALTER TABLE ledger ADD PRIMARY KEY (id);
ALTER TABLE ledger ALTER COLUMN debit TYPE numeric, ALTER COLUMN credit TYPE numeric;
ALTER TABLE ledger SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 95);
REFRESH MATERIALIZED VIEW CONCURRENTLY revenue;
DROP MATERIALIZED VIEW revenue;
ALTER TABLE usage_records DETACH PARTITION usage_2024_01;
CREATE SCHEMA archive;
ALTER TABLE usage_2024_01 SET SCHEMA archive;
ALTER TABLE archive.usage_2024_01 DROP COLUMN billed, DROP COLUMN invoice_id;
DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT id FROM billing.invoices WHERE state = 'open' LOOP
    INSERT INTO billing.dunning (invoice_id, next_at) VALUES (r.id, now()) ON CONFLICT (invoice_id) DO UPDATE SET level = dunning.level + 1;
  END LOOP;
END $$;
CREATE PROCEDURE close_month(m date) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE billing.usage_records SET billed = true WHERE at < m;
  PERFORM billing.account_balance(id) FROM crm.accounts;
END $$;
CALL close_month('2024-03-01');
-- rows
-- pg: 15-
MERGE INTO dunning d USING (SELECT id FROM invoices WHERE state = 'open') o ON o.id = d.invoice_id WHEN MATCHED AND d.level > 5 THEN DELETE WHEN MATCHED THEN UPDATE SET level = d.level + 1 WHEN NOT MATCHED THEN INSERT (invoice_id) VALUES (o.id);
DELETE FROM invoices WHERE state = 'draft';
-- rows
DELETE FROM plans WHERE code = 'nothing';
TRUNCATE dunning, credit_notes RESTART IDENTITY;
ALTER TABLE crm.accounts SET SCHEMA billing;
ALTER SCHEMA crm RENAME TO crm_old;
DROP FUNCTION account_balance(uuid);
DROP TRIGGER payments_post ON payments;
DROP TABLE coupons CASCADE;
DROP TABLE usage_records;
DROP SCHEMA billing CASCADE;
