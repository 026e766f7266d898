-- Bookkeeping: a tree of accounts, entries checked by deferred triggers, currencies, documents that inherit, closed periods.
CREATE SCHEMA ledger;
CREATE SCHEMA docs;
CREATE DOMAIN ledger.currency AS char(3) CHECK (VALUE = upper(VALUE));
CREATE TYPE ledger.side AS ENUM ('debit', 'credit');
CREATE SEQUENCE ledger.entry_numbers;
CREATE TABLE ledger.books (id int PRIMARY KEY, owner text, base ledger.currency DEFAULT 'EUR', fiscal daterange, EXCLUDE USING gist (fiscal WITH &&));
CREATE TABLE ledger.accounts (book int NOT NULL REFERENCES ledger.books, code varchar(10), name text NOT NULL, parent varchar(10), kind text, balance numeric(14, 2) DEFAULT 0, path text[],
  PRIMARY KEY (book, code), CONSTRAINT accounts_parent FOREIGN KEY (book, parent) REFERENCES ledger.accounts);
CREATE INDEX accounts_path ON ledger.accounts USING gin (path);
CREATE TABLE ledger.periods (book int REFERENCES ledger.books, starts date, closed_at timestamptz, PRIMARY KEY (book, starts));
CREATE TABLE ledger.entries (id bigint DEFAULT nextval('ledger.entry_numbers') PRIMARY KEY, book int NOT NULL REFERENCES ledger.books, booked date NOT NULL, memo text, reverses bigint UNIQUE REFERENCES ledger.entries, extra jsonb);
ALTER SEQUENCE ledger.entry_numbers OWNED BY ledger.entries.id;
CREATE TABLE ledger.lines (entry bigint NOT NULL REFERENCES ledger.entries ON DELETE CASCADE, no int, book int, account varchar(10), side ledger.side, amount numeric(14, 2) CHECK (amount <> 0), currency ledger.currency, rate float4 DEFAULT 1,
  PRIMARY KEY (entry, no), CONSTRAINT lines_account FOREIGN KEY (book, account) REFERENCES ledger.accounts (book, code) ON UPDATE CASCADE);
CREATE INDEX lines_account_idx ON ledger.lines (book, account) INCLUDE (amount, side);
CREATE TABLE ledger.rates (currency ledger.currency, day date, rate numeric, PRIMARY KEY (currency, day));
CREATE TABLE docs.documents (id serial PRIMARY KEY, number varchar(20), made date DEFAULT current_date, entry bigint, total numeric(12, 2), CONSTRAINT total_there CHECK (total IS NOT NULL));
CREATE TABLE docs.invoices (customer text, due date, PRIMARY KEY (id), UNIQUE (number)) INHERITS (docs.documents);
CREATE TABLE docs.receipts (till smallint, PRIMARY KEY (id)) INHERITS (docs.documents);
CREATE TABLE docs.online_receipts (url text, PRIMARY KEY (id)) INHERITS (docs.receipts);
CREATE TABLE docs.log (doc int, at timestamptz DEFAULT now(), what text);
CREATE FUNCTION ledger.post_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ledger.accounts a SET balance = a.balance + NEW.amount WHERE a.book = NEW.book AND a.code = NEW.account;
  RETURN NEW;
END $$;
CREATE FUNCTION ledger.check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM ledger.periods p WHERE p.closed_at > now() + interval '100 years';
  RETURN NULL;
END $$;
CREATE FUNCTION docs.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO docs.log (doc, what) VALUES (NEW.id, TG_OP); RETURN NEW; END $$;
CREATE FUNCTION ledger.reverse(e bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE r bigint;
BEGIN
  INSERT INTO ledger.entries (book, booked, memo, reverses) SELECT book, booked, 'reversed', id FROM ledger.entries WHERE id = e RETURNING id INTO r;
  INSERT INTO ledger.lines (entry, no, book, account, side, amount, currency) SELECT r, no, book, account, side, -amount, currency FROM ledger.lines WHERE entry = e;
  RETURN r;
END $$;
CREATE FUNCTION ledger.rate_on(c text, d date) RETURNS numeric LANGUAGE sql STABLE AS $$ SELECT rate FROM ledger.rates WHERE currency = c AND day <= d ORDER BY day DESC LIMIT 1 $$;
CREATE TRIGGER lines_post AFTER INSERT ON ledger.lines FOR EACH ROW EXECUTE FUNCTION ledger.post_line();
CREATE TRIGGER receipts_noted BEFORE UPDATE ON docs.receipts FOR EACH ROW EXECUTE FUNCTION docs.noted();
CREATE VIEW ledger.turnover AS SELECT l.book, l.account, date_trunc('month', e.booked::timestamp) AS month, sum(l.amount * l.rate) AS amount FROM ledger.lines l JOIN ledger.entries e ON e.id = l.entry GROUP BY 1, 2, 3;
CREATE VIEW ledger.trial_balance AS SELECT a.book, a.code, a.balance, t.amount FROM ledger.accounts a LEFT JOIN ledger.turnover t ON t.book = a.book AND t.account = a.code;
CREATE MATERIALIZED VIEW ledger.year_end AS SELECT book, code, sum(amount) AS amount FROM ledger.trial_balance GROUP BY book, code;
CREATE UNIQUE INDEX year_end_key ON ledger.year_end (book, code);
INSERT INTO ledger.books VALUES (1, 'me', 'EUR', '[2024-01-01,2025-01-01)'), (2, 'you', 'USD', '[2025-01-01,2026-01-01)');
INSERT INTO ledger.accounts (book, code, name, parent) VALUES (1, '1', 'Assets', NULL), (1, '10', 'Cash', '1'), (1, '4', 'Sales', NULL), (2, '1', 'Assets', NULL);
INSERT INTO ledger.periods VALUES (1, '2024-01-01', '2024-02-05'), (1, '2024-02-01', NULL);
INSERT INTO ledger.entries (book, booked, memo) VALUES (1, '2024-01-05', 'first'), (1, '2024-02-05', 'second'), (1, '2024-02-06', 'third');
INSERT INTO ledger.lines (entry, no, book, account, side, amount, currency) VALUES (1, 1, 1, '10', 'debit', 100, 'EUR'), (1, 2, 1, '4', 'credit', -100, 'EUR'), (2, 1, 1, '10', 'debit', 5, 'EUR');
INSERT INTO ledger.rates VALUES ('USD', '2024-01-01', 0.9), ('EUR', '2024-01-01', 1);
INSERT INTO docs.documents (number, entry, total) VALUES ('D-1', 1, 10);
INSERT INTO docs.invoices (number, entry, total, customer) VALUES ('I-1', 1, 100, 'c'), ('I-2', 2, 5, 'd');
INSERT INTO docs.receipts (number, entry, total, till) VALUES ('R-1', 2, 5, 1);
INSERT INTO docs.online_receipts (number, entry, total, url) VALUES ('O-1', 3, 7, 'https://shop.example/o1');
-- statements
ALTER TABLE docs.documents ADD COLUMN currency ledger.currency DEFAULT 'EUR', ALTER COLUMN number TYPE varchar(30), ALTER COLUMN total SET NOT NULL;
ALTER TABLE docs.invoices ADD CONSTRAINT invoices_entry FOREIGN KEY (entry) REFERENCES ledger.entries NOT VALID, ADD COLUMN reminded int[] DEFAULT ARRAY[]::int[];
-- mode: A
UPDATE docs.documents d SET currency = b.base FROM ledger.entries e JOIN ledger.books b ON b.id = e.book WHERE e.id = d.entry AND d.number IN ('I-1', 'R-1', 'O-1');
ALTER TABLE docs.invoices VALIDATE CONSTRAINT invoices_entry;
SELECT ledger.reverse(1);
CREATE CONSTRAINT TRIGGER entries_balanced AFTER INSERT OR UPDATE ON ledger.entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.check_balance();
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE ledger.entries ADD COLUMN posted_by text DEFAULT session_user, ADD COLUMN created timestamptz DEFAULT statement_timestamp(), ADD CHECK (booked > '2000-01-01');
ALTER TABLE ledger.lines ADD COLUMN base_amount numeric GENERATED ALWAYS AS (round(amount * rate::numeric, 2)) STORED, ADD COLUMN tags jsonb;
CREATE INDEX lines_tags ON ledger.lines USING gin ((tags -> 'projects')) WHERE tags IS NOT NULL;
ALTER TABLE ledger.lines ALTER COLUMN no SET DEFAULT 1, ADD CONSTRAINT currency_known CHECK (currency IS NOT NULL) NOT VALID;
ALTER TABLE ledger.lines VALIDATE CONSTRAINT currency_known;
ALTER TABLE ledger.lines ALTER COLUMN currency SET NOT NULL, DROP CONSTRAINT currency_known;
UPDATE ledger.accounts SET code = '1000' WHERE book = 1 AND code = '10';
WITH RECURSIVE tree AS (SELECT book, code, ARRAY[code::text] AS path FROM ledger.accounts WHERE parent IS NULL
  UNION ALL SELECT a.book, a.code, t.path || a.code::text FROM ledger.accounts a JOIN tree t ON t.book = a.book AND t.code = a.parent)
UPDATE ledger.accounts a SET path = t.path FROM tree t WHERE t.book = a.book AND t.code = a.code AND a.book = 1;
SELECT b.id, ledger.rate_on('USD', '2024-03-01') FROM ledger.books b WHERE b.id = 1 FOR KEY SHARE;
INSERT INTO ledger.rates AS r VALUES ('USD', '2024-01-01', 0.91), ('CHF', '2024-01-01', 1.05) ON CONFLICT ON CONSTRAINT rates_pkey DO UPDATE SET rate = excluded.rate WHERE r.rate <> excluded.rate;
REFRESH MATERIALIZED VIEW ledger.year_end;
-- pg: 15-
MERGE INTO ledger.accounts a USING ledger.year_end y ON (y.book, y.code) = (a.book, a.code) AND y.amount IS NOT NULL
  WHEN MATCHED AND a.balance = 0 THEN UPDATE SET balance = y.amount, kind = 'checked' WHEN MATCHED THEN DO NOTHING;
LOCK TABLE ledger.trial_balance IN ROW SHARE MODE;
LOCK TABLE ONLY docs.documents, ledger.periods IN EXCLUSIVE MODE;
DELETE FROM docs.receipts WHERE till = 1;
DELETE FROM ledger.entries e WHERE e.memo = 'third' AND NOT EXISTS (SELECT FROM ledger.lines l WHERE l.entry = e.id);
-- mode: B
SAVEPOINT retyping;
-- mode: B
ALTER TABLE ledger.accounts RENAME COLUMN kind TO category;
-- mode: B
ALTER TABLE ledger.rates ADD COLUMN source text, ALTER COLUMN rate TYPE double precision;
-- mode: B
ROLLBACK TO SAVEPOINT retyping;
ALTER TABLE ledger.rates ALTER COLUMN rate TYPE numeric(18, 8);
CREATE OR REPLACE RULE rates_fixed AS ON UPDATE TO ledger.rates WHERE old.day < '2020-01-01' DO INSTEAD NOTHING;
UPDATE ledger.rates SET rate = 0.92 WHERE currency = 'USD';
ALTER DOMAIN ledger.currency ADD CONSTRAINT not_old CHECK (VALUE <> 'DEM');
ALTER TABLE docs.online_receipts NO INHERIT docs.receipts;
ALTER TABLE docs.online_receipts INHERIT docs.documents;
ALTER TABLE docs.documents DROP CONSTRAINT total_there, ALTER COLUMN made DROP DEFAULT;
CREATE TABLE ledger.attachments (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, entry bigint NOT NULL REFERENCES ledger.entries, invoice int REFERENCES docs.invoices (id) ON DELETE CASCADE, mime text, CONSTRAINT one_of CHECK (num_nonnulls(entry, invoice) > 0));
INSERT INTO ledger.attachments (entry, invoice) SELECT entry, id FROM docs.invoices WHERE number = 'I-2';
DELETE FROM docs.invoices WHERE number = 'I-2';
ALTER TABLE ledger.entries ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START 1000);
DROP SEQUENCE ledger.entry_numbers;
ALTER TABLE ledger.periods ADD COLUMN id int GENERATED ALWAYS AS IDENTITY, DROP CONSTRAINT periods_pkey, ADD PRIMARY KEY (id), ADD UNIQUE (book, starts);
CREATE UNIQUE INDEX accounts_name ON ledger.accounts (book, lower(name) text_pattern_ops) INCLUDE (balance);
CREATE INDEX periods_open ON ledger.periods (book) WHERE closed_at IS NULL;
ALTER TABLE ledger.accounts REPLICA IDENTITY USING INDEX accounts_pkey, CLUSTER ON accounts_pkey, SET (fillfactor = 80);
CLUSTER ledger.accounts;
ALTER TABLE ledger.lines DROP COLUMN rate CASCADE;
COMMENT ON COLUMN ledger.lines.amount IS 'negative is credit';
DROP TABLE docs.documents CASCADE;
TRUNCATE ledger.entries CASCADE;
DROP TABLE ledger.books, ledger.accounts CASCADE;
