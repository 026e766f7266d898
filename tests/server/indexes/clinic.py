"""A clinic: 13 tables, primary keys only, and its statements with weights. Not used while the advisor was made."""

from statements import Statements

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE departments (id int PRIMARY KEY, name text NOT NULL, floor int NOT NULL);
CREATE TABLE doctors (id int PRIMARY KEY, department_id int NOT NULL, surname text NOT NULL, license text NOT NULL,
  hired date NOT NULL);
CREATE TABLE patients (id bigint PRIMARY KEY, mrn text NOT NULL, surname text NOT NULL, given text NOT NULL,
  born date NOT NULL, insurer_id int NOT NULL, phone text, merged_into bigint);
CREATE TABLE insurers (id int PRIMARY KEY, name text NOT NULL, country text NOT NULL);
CREATE TABLE visits (id bigint PRIMARY KEY, patient_id bigint NOT NULL, doctor_id int NOT NULL, department_id int NOT NULL,
  starts_at timestamptz NOT NULL, state text NOT NULL, reason text NOT NULL);
CREATE TABLE diagnoses (id bigint PRIMARY KEY, visit_id bigint NOT NULL, code text NOT NULL, main boolean NOT NULL);
CREATE TABLE prescriptions (id bigint PRIMARY KEY, visit_id bigint NOT NULL, drug_id int NOT NULL, dose int NOT NULL,
  valid_until date NOT NULL);
CREATE TABLE drugs (id int PRIMARY KEY, name text NOT NULL, atc text NOT NULL, substances text[] NOT NULL);
CREATE TABLE lab_orders (id bigint PRIMARY KEY, visit_id bigint NOT NULL, panel text NOT NULL, urgent boolean NOT NULL,
  ordered_at timestamptz NOT NULL, done_at timestamptz);
CREATE TABLE lab_results (id bigint PRIMARY KEY, order_id bigint NOT NULL, analyte text NOT NULL, value float NOT NULL,
  flags jsonb NOT NULL);
CREATE TABLE invoices (id bigint PRIMARY KEY, visit_id bigint NOT NULL, insurer_id int NOT NULL, issued date NOT NULL,
  amount numeric(10,2) NOT NULL, status text NOT NULL);
CREATE TABLE bed_stays (id int PRIMARY KEY, patient_id bigint NOT NULL, bed int NOT NULL, during tstzrange NOT NULL);
CREATE TABLE audit (id bigint PRIMARY KEY, actor int NOT NULL, action text NOT NULL, at timestamptz NOT NULL,
  object text NOT NULL);
"""

DATA = """
SELECT setseed(0.17);
INSERT INTO departments SELECT i, 'department ' || i, i % 6 FROM generate_series(1, 40) i;
INSERT INTO doctors SELECT i, 1 + (i * 17) % 40, 'dr ' || md5(i::text), 'L' || (100000 + i * 37),
  '2000-01-01'::date + i * 5 FROM generate_series(1, 1500) i;
INSERT INTO insurers SELECT i, 'insurer ' || i, (ARRAY['de','at','ch'])[1 + i % 3] FROM generate_series(1, 90) i;
INSERT INTO patients SELECT i, 'M' || lpad((i * 7919 % 1000000)::text, 7, '0'), 'name' || (power(random(), 2) * 9000)::int,
  'given' || i % 300, '1930-01-01'::date + (random() * 33000)::int, 1 + (power(random(), 3) * 89)::int,
  CASE WHEN random() < 0.7 THEN '+49' || (random() * 1e9)::bigint END, CASE WHEN random() < 0.01 THEN 1 END
  FROM generate_series(1, 50000) i;
INSERT INTO visits SELECT i, 1 + (power(random(), 2) * 49999)::int, 1 + (power(random(), 1.5) * 1499)::int, 1 + (i * 3) % 40,
  '2020-01-01'::timestamptz + i * interval '12 minutes', CASE WHEN i > 178000 THEN 'booked' WHEN random() < 0.06 THEN
  'cancelled' WHEN random() < 0.02 THEN 'no-show' ELSE 'done' END, 'reason ' || md5(i::text)
  FROM generate_series(1, 180000) i;
INSERT INTO diagnoses SELECT i, 1 + (i * 13) % 180000, chr(65 + (power(random(), 2) * 25)::int) || (10 + (random() * 89)::int)
  || '.' || i % 10, random() < 0.5 FROM generate_series(1, 250000) i;
INSERT INTO prescriptions SELECT i, 1 + (random() * 179999)::int, 1 + (power(random(), 3) * 3999)::int, 1 + i % 8,
  '2020-02-01'::date + (i / 120)::int FROM generate_series(1, 150000) i;
INSERT INTO drugs SELECT i, 'drug ' || md5((i * 5)::text), chr(65 + i % 14) || lpad((i % 400)::text, 3, '0'),
  ARRAY['s' || i % 700, 's' || (random() * 700)::int] FROM generate_series(1, 4000) i;
INSERT INTO lab_orders SELECT i, 1 + (i * 2) % 180000, (ARRAY['blood','blood','blood','urine','liver','kidney'])[1 + i % 6],
  random() < 0.04, '2020-01-01'::timestamptz + i * interval '24 minutes', CASE WHEN i < 89000 THEN
  '2020-01-02'::timestamptz + i * interval '24 minutes' END FROM generate_series(1, 90000) i;
INSERT INTO lab_results SELECT i, 1 + (i / 3) % 90000, 'analyte' || i % 45, random() * 100,
  jsonb_build_object('level', (ARRAY['ok','ok','ok','ok','high','low'])[1 + (random() * 5)::int], 'device', 'd' || i % 250,
  'batch', i / 500) FROM generate_series(1, 270000) i;
INSERT INTO invoices SELECT i, i, 1 + (power(random(), 3) * 89)::int, '2020-01-10'::date + (i / 120)::int,
  (random() * 2000)::numeric(10,2), CASE WHEN random() < 0.02 THEN 'overdue' WHEN random() < 0.03 THEN 'open' ELSE 'paid' END
  FROM generate_series(1, 160000) i;
INSERT INTO bed_stays SELECT i, 1 + (random() * 49999)::int, 1 + i % 400, tstzrange('2020-01-01'::timestamptz + i * interval
  '2 hours', '2020-01-04'::timestamptz + i * interval '2 hours' + random() * interval '5 days') FROM generate_series(1, 20000) i;
INSERT INTO audit SELECT i, 1 + (power(random(), 2) * 1499)::int, (ARRAY['read','read','read','read','read','print','edit',
  'export'])[1 + (random() * 7)::int], '2023-01-01'::timestamptz + i * interval '5 minutes', 'patient/' || (random() * 50000)::int
  FROM generate_series(1, 220000) i;
"""


def queries():
    """The statements; constants differ from sample to sample."""
    result = Statements(3)
    rng, add, number, skewed = result.random, result.add, result.number, result.skewed

    patient, visit, doctor = skewed(50000), number(1, 180000), skewed(1500, 1.5)
    when = lambda: f"20{rng.randint(20, 23)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    # At the desk.
    add(2500, "SELECT * FROM patients WHERE id = {p}", p=patient)
    add(800, "SELECT id, surname, given FROM patients WHERE mrn = 'M' || lpad('{n}', 7, '0')", n=number(1, 999999))
    add(500, "SELECT id, given, born FROM patients WHERE surname = 'name{n}' AND born > '{d}'", n=skewed(9000), d=lambda: f"19{rng.randint(40, 99)}-01-01")
    add(300, "SELECT id, surname, given, born FROM patients WHERE surname LIKE 'name{n}%' ORDER BY surname, given LIMIT 20", n=number(100, 999))
    add(150, "SELECT id, surname FROM patients WHERE lower(surname) = 'name{n}' AND born = '{d}'", n=skewed(9000), d=lambda: f"19{rng.randint(40, 99)}-03-0{rng.randint(1, 9)}")
    add(80, "SELECT id, surname, phone FROM patients WHERE phone LIKE '%{n}%'", n=number(10000, 99999))
    add(40, "SELECT id, mrn FROM patients WHERE merged_into IS NOT NULL AND born < '{d}'", d=lambda: f"19{rng.randint(32, 50)}-01-01")
    add(1200, "SELECT * FROM visits WHERE patient_id = {p} ORDER BY starts_at DESC LIMIT 20", p=patient)
    add(500, "SELECT id, starts_at, state FROM visits WHERE patient_id = {p} AND state = 'booked'", p=patient)
    add(900, "SELECT * FROM visits WHERE doctor_id = {d} AND starts_at >= '{w}' AND starts_at < '{w}'::date + 7 ORDER BY starts_at", d=doctor, w=when)
    add(400, "SELECT count(*) FROM visits WHERE department_id = {d} AND starts_at >= '2023-0{m}-01' AND starts_at < '2023-0{m}-02'", d=number(1, 40), m=number(1, 9))
    add(200, "SELECT id, patient_id FROM visits WHERE state = 'booked' ORDER BY starts_at LIMIT 50")
    add(50, "SELECT count(*) FROM visits WHERE state = 'no-show' AND doctor_id = {d}", d=doctor)
    # The record.
    add(1500, "SELECT * FROM diagnoses WHERE visit_id = {v}", v=visit)
    add(600, "SELECT code FROM diagnoses WHERE visit_id = {v} AND main", v=visit)
    add(100, "SELECT visit_id FROM diagnoses WHERE code = 'Q{n}.{m}'", n=number(10, 98), m=number(0, 9))
    add(60, "SELECT count(*) FROM diagnoses WHERE code LIKE 'K{n}%' AND main", n=number(10, 98))
    add(900, "SELECT * FROM prescriptions WHERE visit_id = {v}", v=visit)
    add(120, "SELECT p.* FROM prescriptions p WHERE p.drug_id = {d} AND p.valid_until > '2023-0{m}-01'", d=skewed(4000, 3), m=number(1, 6))
    add(200, "SELECT id, name FROM drugs WHERE name ILIKE '%{n}%'", n=lambda: f"{rng.randrange(16**5):05x}")
    add(150, "SELECT id, name FROM drugs WHERE substances @> ARRAY['s{n}']", n=number(1, 700))
    add(300, "SELECT * FROM drugs WHERE atc = 'C{n:}'", n=lambda: f"{rng.randint(0, 399):03d}")
    add(700, "SELECT * FROM lab_orders WHERE visit_id = {v}", v=visit)
    add(300, "SELECT * FROM lab_orders WHERE done_at IS NULL AND urgent ORDER BY ordered_at LIMIT 30")
    add(90, "SELECT panel, count(*) FROM lab_orders WHERE done_at IS NULL GROUP BY panel")
    add(800, "SELECT * FROM lab_results WHERE order_id = {o}", o=number(1, 90000))
    add(250, "SELECT value FROM lab_results WHERE order_id = {o} AND analyte = 'analyte{a}'", o=number(1, 90000), a=number(0, 44))
    add(70, "SELECT id, order_id FROM lab_results WHERE flags @> '{{\"device\": \"d{d}\", \"level\": \"high\"}}'", d=number(0, 249))
    add(50, "SELECT avg(value) FROM lab_results WHERE flags->>'batch' = '{b}'", b=number(1, 539))
    add(60, "SELECT * FROM bed_stays WHERE during && tstzrange('{w}', '{w}'::timestamptz + interval '1 day')", w=when)
    add(90, "SELECT * FROM bed_stays WHERE bed = {b} ORDER BY lower(during) DESC LIMIT 3", b=number(1, 400))
    add(200, "SELECT * FROM bed_stays WHERE patient_id = {p}", p=patient)
    # Money.
    add(600, "SELECT * FROM invoices WHERE visit_id = {v}", v=visit)
    add(150, "SELECT id, amount FROM invoices WHERE insurer_id = {i} AND status = 'overdue' ORDER BY issued LIMIT 100", i=skewed(90, 3))
    add(100, "SELECT sum(amount) FROM invoices WHERE insurer_id = {i} AND issued BETWEEN '2022-0{m}-01' AND '2022-0{m}-15'", i=skewed(90, 3), m=number(1, 9))
    add(60, "SELECT count(*), sum(amount) FROM invoices WHERE status = 'open'")
    add(20, "SELECT max(issued) FROM invoices")
    # Who did what.
    add(400, "SELECT * FROM audit WHERE object = 'patient/{p}' ORDER BY at DESC LIMIT 50", p=number(1, 50000))
    add(120, "SELECT action, at FROM audit WHERE actor = {d} AND at > '2025-01-{n}' ORDER BY at DESC LIMIT 100", d=skewed(1500), n=number(10, 28))
    add(60, "SELECT count(*) FROM audit WHERE action = 'export' AND at >= '2024-0{m}-01' AND at < '2024-0{m}-08'", m=number(1, 9))
    add(15, "SELECT date_trunc('day', at), count(*) FROM audit WHERE at >= '2024-0{m}-01' AND at < '2024-0{m}-04' GROUP BY 1", m=number(1, 9))
    # Joins.
    add(500, "SELECT v.starts_at, d.surname FROM visits v JOIN doctors d ON d.id = v.doctor_id WHERE v.patient_id = {p}", p=patient)
    add(300, "SELECT v.id, g.code, r.dose, m.name FROM visits v JOIN diagnoses g ON g.visit_id = v.id JOIN prescriptions r"
             " ON r.visit_id = v.id JOIN drugs m ON m.id = r.drug_id WHERE v.patient_id = {p}", p=patient)
    add(150, "SELECT o.panel, x.analyte, x.value FROM lab_orders o JOIN lab_results x ON x.order_id = o.id WHERE o.visit_id = {v}", v=visit)
    add(100, "SELECT p.surname, v.starts_at FROM patients p JOIN visits v ON v.patient_id = p.id WHERE p.mrn = 'M' || lpad('{n}', 7, '0')", n=number(1, 999999))
    add(60, "SELECT p.id, p.surname FROM patients p WHERE p.insurer_id = {i} AND EXISTS (SELECT 1 FROM visits v WHERE"
            " v.patient_id = p.id AND v.state = 'booked')", i=number(30, 90))
    add(50, "SELECT p.surname, i.amount FROM invoices i JOIN visits v ON v.id = i.visit_id JOIN patients p ON p.id = v.patient_id"
            " WHERE i.status = 'overdue' AND i.issued > '2023-1{m}-01'", m=number(0, 2))
    add(40, "SELECT d.surname, count(*) FROM visits v JOIN doctors d ON d.id = v.doctor_id WHERE d.department_id = {d} AND"
            " v.starts_at >= '2023-0{m}-01' AND v.starts_at < '2023-0{m}-08' GROUP BY d.surname", d=number(1, 40), m=number(1, 9))
    add(30, "SELECT v.id FROM visits v LEFT JOIN invoices i ON i.visit_id = v.id WHERE v.starts_at >= '2023-0{m}-10' AND v.starts_at"
            " < '2023-0{m}-12' AND i.id IS NULL", m=number(1, 9))
    add(20, "SELECT s.name, sum(i.amount) FROM insurers s JOIN invoices i ON i.insurer_id = s.id JOIN visits v ON v.id = i.visit_id"
            " JOIN departments d ON d.id = v.department_id WHERE d.floor = {f} AND i.issued >= '2023-12-{n}' GROUP BY s.name",
        f=number(0, 5), n=number(10, 28))
    add(25, "SELECT m.name, count(*) FROM drugs m JOIN prescriptions r ON r.drug_id = m.id JOIN visits v ON v.id = r.visit_id"
            " WHERE m.atc = 'A{n}' GROUP BY m.name", n=lambda: f"{rng.randint(0, 399):03d}")
    add(15, "SELECT p.insurer_id, d.name, g.code, count(*) FROM patients p JOIN visits v ON v.patient_id = p.id JOIN departments d"
            " ON d.id = v.department_id JOIN diagnoses g ON g.visit_id = v.id JOIN doctors t ON t.id = v.doctor_id JOIN invoices i"
            " ON i.visit_id = v.id WHERE t.license = 'L{n}' AND g.main GROUP BY 1, 2, 3", n=lambda: 100000 + 37 * rng.randint(1, 1500))
    add(30, "SELECT patient_id FROM visits WHERE id IN (SELECT visit_id FROM diagnoses WHERE code = 'B{n}.{m}' AND main)", n=number(10, 98), m=number(0, 9))
    # Reports.
    add(8, "SELECT department_id, state, count(*) FROM visits WHERE starts_at >= '2023-0{m}-01' AND starts_at < '2023-1{k}-01' GROUP BY 1, 2", m=number(1, 9), k=number(0, 2))
    add(5, "SELECT insurer_id, sum(amount) FROM invoices GROUP BY insurer_id ORDER BY 2 DESC")
    add(4, "SELECT analyte, avg(value), count(*) FROM lab_results GROUP BY analyte")
    add(6, "SELECT doctor_id, count(*) FROM visits WHERE state = 'cancelled' GROUP BY doctor_id ORDER BY 2 DESC LIMIT 10")
    # Writes.
    add(300, "UPDATE visits SET state = 'done' WHERE id = {v}", v=visit)
    add(150, "UPDATE lab_orders SET done_at = now() WHERE visit_id = {v} AND done_at IS NULL", v=visit)
    add(100, "UPDATE invoices SET status = 'paid' WHERE visit_id = {v}", v=visit)
    add(20, "DELETE FROM audit WHERE at < '2023-01-01 0{n}:00'", n=number(1, 6))
    add(30, "DELETE FROM prescriptions WHERE visit_id = {v} AND dose = 1", v=visit)
    return result


INSERTS = [
    (400, "INSERT INTO visits (id, patient_id, doctor_id, department_id, starts_at, state, reason) VALUES ({n}, 5, 7, 3, now(), 'booked', 'x')"),
    (900, "INSERT INTO lab_results (id, order_id, analyte, value, flags) VALUES ({n}, 5, 'analyte1', 1, '{{}}')"),
    (2000, "INSERT INTO audit (id, actor, action, at, object) VALUES ({n}, 5, 'read', now(), 'patient/5')"),
]
