"""A parcel carrier: 16 tables and two views, primary keys only, and its statements with weights.

Written when the advisor was done: its first run was blind.
"""

from statements import Statements

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, zone int NOT NULL);
CREATE TABLE depots (id int PRIMARY KEY, country char(2) NOT NULL, city text NOT NULL, opened date NOT NULL, docks int NOT NULL);
CREATE TABLE drivers (id int PRIMARY KEY, depot_id int NOT NULL, badge text NOT NULL, surname text NOT NULL, hired date NOT NULL,
  skills text[] NOT NULL, active boolean NOT NULL);
CREATE TABLE vehicles (id int PRIMARY KEY, depot_id int NOT NULL, plate text NOT NULL, class text NOT NULL, payload_kg int NOT NULL,
  retired_on date);
CREATE TABLE senders (id int PRIMARY KEY, name text NOT NULL, vat text NOT NULL, tier text NOT NULL, parent_id int,
  preferences jsonb NOT NULL);
CREATE TABLE addresses (id bigint PRIMARY KEY, country char(2) NOT NULL, postcode text NOT NULL, street text NOT NULL,
  email text, created timestamp NOT NULL);
CREATE TABLE tours (id int PRIMARY KEY, depot_id int NOT NULL, driver_id int NOT NULL, vehicle_id int NOT NULL, day date NOT NULL,
  stops int NOT NULL, finished_at timestamptz);
CREATE TABLE consignments (id bigint PRIMARY KEY, sender_id int NOT NULL, reference uuid NOT NULL, booked_at timestamptz NOT NULL,
  service text NOT NULL, state smallint NOT NULL, total_cents bigint NOT NULL, extra jsonb NOT NULL);
CREATE TABLE parcels (id bigint PRIMARY KEY, consignment_id bigint NOT NULL, barcode text NOT NULL, address_id bigint NOT NULL,
  depot_id int NOT NULL, tour_id int, weight_g int NOT NULL, delivered_at timestamptz, returned boolean NOT NULL);
CREATE TABLE scans (id bigint PRIMARY KEY, parcel_id bigint NOT NULL, depot_id int NOT NULL, kind smallint NOT NULL,
  at timestamptz NOT NULL, device int NOT NULL);
CREATE TABLE claims (id int PRIMARY KEY, parcel_id bigint NOT NULL, opened date NOT NULL, closed date, cents int NOT NULL,
  story text NOT NULL, words tsvector NOT NULL, labels text[] NOT NULL);
CREATE TABLE tariffs (id int PRIMARY KEY, sender_id int NOT NULL, service text NOT NULL, weight int4range NOT NULL,
  valid daterange NOT NULL, cents int NOT NULL);
CREATE TABLE bills (id int PRIMARY KEY, sender_id int NOT NULL, month date NOT NULL, cents bigint NOT NULL, paid_on date,
  dunned smallint NOT NULL);
CREATE TABLE bill_lines (id bigint PRIMARY KEY, bill_id int NOT NULL, consignment_id bigint NOT NULL, cents int NOT NULL);
CREATE TABLE positions (vehicle_id int NOT NULL, at timestamptz NOT NULL, lat real NOT NULL, lon real NOT NULL, speed smallint NOT NULL,
  PRIMARY KEY (vehicle_id, at));
CREATE TABLE outbox (id bigint PRIMARY KEY, topic text NOT NULL, key text NOT NULL, created timestamptz NOT NULL,
  sent_at timestamptz, tries smallint NOT NULL, body jsonb NOT NULL);
CREATE VIEW open_parcels AS SELECT p.id, p.barcode, p.depot_id, p.tour_id, p.address_id, c.sender_id, c.service, c.booked_at
  FROM parcels p JOIN consignments c ON c.id = p.consignment_id WHERE p.delivered_at IS NULL AND NOT p.returned;
CREATE VIEW sender_debts AS SELECT s.id, s.name, s.tier, b.month, b.cents, b.dunned FROM senders s JOIN bills b ON b.sender_id = s.id
  WHERE b.paid_on IS NULL;
"""

DATA = """
SELECT setseed(0.31);
INSERT INTO countries SELECT chr(65 + i / 6) || chr(65 + i % 26), 'country ' || i, 1 + i % 5 FROM generate_series(0, 59) i;
INSERT INTO depots SELECT i, (SELECT code FROM countries OFFSET (i * 7) % 60 LIMIT 1), 'city ' || i % 150, '2001-01-01'::date + i * 9,
  4 + i % 40 FROM generate_series(1, 220) i;
INSERT INTO drivers SELECT i, 1 + (power(random(), 1.6) * 219)::int, 'B' || lpad((i * 613 % 100000)::text, 5, '0'),
  'driver' || (random() * 2500)::int, '2005-01-01'::date + i, ARRAY[(ARRAY['van','truck','bike','adr'])[1 + i % 4],
  (ARRAY['night','heavy','cold','vip','none','none'])[1 + (random() * 5)::int]], random() < 0.8 FROM generate_series(1, 6000) i;
INSERT INTO vehicles SELECT i, 1 + (power(random(), 1.6) * 219)::int, 'XY-' || lpad((i * 331 % 10000)::text, 4, '0'),
  (ARRAY['van','van','van','truck','bike'])[1 + i % 5], 200 + i % 40 * 50, CASE WHEN random() < 0.2 THEN '2022-01-01'::date + i % 700 END
  FROM generate_series(1, 5000) i;
INSERT INTO senders SELECT i, 'sender ' || md5(i::text), 'VAT' || lpad((i * 4241 % 1000000)::text, 7, '0'),
  (ARRAY['free','free','free','plus','plus','key'])[1 + (power(random(), 2) * 5)::int], CASE WHEN i > 300 AND random() < 0.3 THEN
  1 + (random() * 299)::int END, jsonb_build_object('lang', (ARRAY['de','en','fr','pl'])[1 + i % 4], 'pickup', i % 9 = 0, 'hub', i % 220)
  FROM generate_series(1, 12000) i;
INSERT INTO addresses SELECT i, (SELECT code FROM countries OFFSET (power(random(), 3) * 59)::int LIMIT 1) , lpad((power(random(), 1.3) *
  99999)::int::text, 5, '0'), 'street ' || i % 9000 || ' no ' || i % 77, CASE WHEN random() < 0.6 THEN 'user' || (random() * 70000)::int ||
  '@mail' || i % 12 || '.example' END, '2021-01-01'::timestamp + i * interval '13 minutes' FROM generate_series(1, 110000) i;
UPDATE addresses SET country = (ARRAY['AA','AB','AC','AD','AE','AF','BG','BH','BI','BJ'])[1 + (power(random(), 3) * 9)::int];
INSERT INTO tours SELECT i, 1 + i % 220, 1 + (i * 17) % 6000, 1 + (i * 11) % 5000, '2023-01-01'::date + i / 100, 20 + (random() * 130)::int,
  CASE WHEN i < 49700 THEN '2023-01-01 16:00'::timestamptz + (i / 100) * interval '1 day' + random() * interval '5 hours' END
  FROM generate_series(1, 50000) i;
INSERT INTO consignments SELECT i, 1 + (power(random(), 4) * 11999)::int, md5(i::text)::uuid, '2023-01-01'::timestamptz +
  i * interval '4 minutes', (ARRAY['ground','ground','ground','ground','express','same-day','freight'])[1 + (power(random(), 1.5) * 6)::int],
  CASE WHEN i < 170000 THEN CASE WHEN random() < 0.01 THEN 7 ELSE 5 END ELSE (random() * 4)::int END, 300 + (power(random(), 3) * 90000)::int,
  jsonb_build_object('channel', (ARRAY['web','api','api','edi'])[1 + i % 4], 'cod', random() < 0.03, 'insured', (random() * 500)::int)
  FROM generate_series(1, 180000) i;
INSERT INTO parcels SELECT i, 1 + (i * 180000::bigint / 260000)::int, 'P' || lpad((i * 7907::bigint % 10000000)::text, 9, '0'),
  1 + (power(random(), 1.2) * 109999)::int, 1 + (power(random(), 1.8) * 219)::int, CASE WHEN i < 257000 THEN 1 + i / 6 + (random() * 400)::int END,
  100 + (power(random(), 3) * 29000)::int, CASE WHEN i < 252000 AND random() < 0.985 THEN '2023-01-03'::timestamptz + i * interval
  '166 seconds' END, random() < 0.012 FROM generate_series(1, 260000) i;
INSERT INTO scans SELECT i, 1 + (i / 2 + (random() * 600)::int) % 260000, 1 + (power(random(), 1.8) * 219)::int, (ARRAY[1,1,2,2,3,3,4,5,9])[1 +
  (power(random(), 1.4) * 8)::int], '2023-01-01'::timestamptz + i * interval '83 seconds', (random() * 3000)::int
  FROM generate_series(1, 520000) i;
INSERT INTO claims SELECT i, 1 + (random() * 259999)::int, '2023-01-05'::date + i / 40, CASE WHEN random() < 0.93 THEN '2023-01-20'::date + i / 40
  END, 500 + (power(random(), 4) * 200000)::int, 'the parcel ' || md5(i::text), to_tsvector('simple', 'parcel ' || (ARRAY['broken','wet','lost',
  'late','late','late','opened'])[1 + i % 7] || ' ' || (ARRAY['glass','paper','phone','shoe','wine','book'])[1 + (power(random(), 2) * 5)::int] ||
  ' w' || i % 900 || ' ' || md5((i % 5000)::text)), ARRAY['l' || i % 40, 'r' || (power(random(), 2) * 600)::int] FROM generate_series(1, 20000) i;
INSERT INTO tariffs SELECT i, 1 + (random() * 11999)::int, (ARRAY['ground','express','same-day','freight'])[1 + i % 4], int4range(i % 10 * 1000,
  i % 10 * 1000 + 2500), daterange('2022-01-01'::date + i % 900, '2022-06-01'::date + i % 900 + (random() * 300)::int), 200 + i % 3000
  FROM generate_series(1, 48000) i;
INSERT INTO bills SELECT i, 1 + i % 4000, '2022-01-01'::date + (i / 4000) * 30, 1000 + (power(random(), 3) * 900000)::int, CASE WHEN random() <
  0.96 THEN '2022-02-01'::date + (i / 4000) * 30 + (random() * 25)::int END, CASE WHEN random() < 0.05 THEN 1 + (random() * 2)::int ELSE 0 END
  FROM generate_series(1, 96000) i;
INSERT INTO bill_lines SELECT i, 1 + (i / 2) % 96000, 1 + (i * 7) % 180000, 100 + (random() * 4000)::int FROM generate_series(1, 190000) i;
INSERT INTO positions SELECT v, '2024-04-01'::timestamptz + t * interval '10 minutes' + v * interval '1 second', 40 + random() * 10, 5 + random() * 10,
  (power(random(), 2) * 130)::int FROM generate_series(0, 119) t, generate_series(1, 5000, 3) v;
INSERT INTO outbox SELECT i, (ARRAY['parcel','parcel','parcel','parcel','bill','tour','claim'])[1 + (random() * 6)::int], 'k' || i % 60000,
  '2024-03-01'::timestamptz + i * interval '20 seconds', CASE WHEN i < 149000 OR random() < 0.6 THEN '2024-03-01 00:01'::timestamptz + i * interval
  '20 seconds' END, CASE WHEN random() < 0.002 THEN 5 ELSE 1 END, jsonb_build_object('n', i, 'trace', md5((i / 3)::text), 'attempt', i % 3)
  FROM generate_series(1, 150000) i;
"""


def queries():
    """The statements; constants differ from sample to sample."""
    result = Statements(29)
    rng, add, number, skewed = result.random, result.add, result.number, result.skewed

    parcel, consignment, sender, depot = number(1, 260000), number(1, 180000), skewed(12000, 4), skewed(220, 1.8)
    day = lambda: f"2023-{rng.randint(2, 12):02d}-{rng.randint(1, 28):02d}"
    barcode = lambda: f"P{rng.randint(1, 260000) * 7907 % 10000000:09d}"
    # Tracking.
    add(4000, "SELECT id, consignment_id, depot_id, delivered_at FROM parcels WHERE barcode = '{b}'", b=barcode)
    add(3500, "SELECT kind, at, depot_id FROM scans WHERE parcel_id = {p} ORDER BY at DESC", p=parcel)
    add(1500, "SELECT s.kind, s.at, d.city FROM parcels p JOIN scans s ON s.parcel_id = p.id JOIN depots d ON d.id = s.depot_id WHERE"
              " p.barcode = '{b}' ORDER BY s.at", b=barcode)
    add(900, "SELECT * FROM consignments WHERE reference = md5('{c}')::uuid", c=consignment)
    add(700, "SELECT p.id, p.barcode, p.weight_g, l.at, l.kind FROM parcels p LEFT JOIN LATERAL (SELECT at, kind FROM scans s WHERE"
             " s.parcel_id = p.id ORDER BY s.at DESC LIMIT 1) l ON true WHERE p.consignment_id = {c}", c=consignment)
    add(1200, "SELECT id, barcode, weight_g FROM parcels WHERE consignment_id = {c}", c=consignment)
    add(120, "SELECT id, barcode FROM parcels WHERE barcode LIKE 'P0{n}%' ORDER BY barcode LIMIT 15", n=number(10000, 99999))
    add(2000, "SELECT * FROM parcels WHERE id = {p}", p=parcel)
    add(150, "SELECT max(at) FROM scans WHERE parcel_id = {p}", p=parcel)
    # Senders.
    add(800, "SELECT id, booked_at, service, state, total_cents FROM consignments WHERE sender_id = {s} ORDER BY booked_at DESC LIMIT 25", s=sender)
    add(150, "SELECT count(*), sum(total_cents) FROM consignments WHERE sender_id = {s} AND booked_at >= '{d}' AND booked_at < '{d}'::date + 30",
        s=sender, d=day)
    add(250, "SELECT id, name, tier FROM senders WHERE vat = 'VAT{n}'", n=lambda: f"{rng.randint(1, 12000) * 4241 % 1000000:07d}")
    add(90, "SELECT id, name FROM senders WHERE lower(name) LIKE 'sender {n}%' ORDER BY lower(name) LIMIT 10", n=lambda: f"{rng.randrange(4096):03x}")
    add(60, "SELECT id, name FROM senders WHERE parent_id = {s}", s=number(1, 300))
    add(40, "SELECT id FROM senders WHERE preferences @> '{{\"hub\": {h}}}'", h=number(0, 219))
    add(70, "SELECT count(*) FROM consignments WHERE sender_id = {s} AND state < 5", s=sender)
    add(30, "SELECT id, total_cents FROM consignments WHERE extra @> '{{\"cod\": true}}' AND booked_at > '2024-05-0{n}'", n=number(1, 9))
    add(25, "SELECT count(*) FROM consignments WHERE (extra->>'insured')::int > 49{n} AND booked_at > '{d}'", n=number(0, 9), d=day)
    add(80, "SELECT id, sender_id, booked_at FROM consignments WHERE state = 7 AND service = 'express' ORDER BY booked_at DESC LIMIT 40")
    add(300, "SELECT cents FROM tariffs WHERE sender_id = {s} AND service = 'ground' AND weight @> {w} AND valid @> '{d}'::date",
        s=number(1, 12000), w=number(0, 9000), d=day)
    add(40, "SELECT count(*) FROM tariffs WHERE valid && daterange('{d}', '{d}'::date + 2) AND service = 'same-day'", d=day)
    # Depot floor.
    add(400, "SELECT id, barcode, address_id FROM open_parcels WHERE depot_id = {d} ORDER BY booked_at LIMIT 100", d=depot)
    add(200, "SELECT count(*) FROM open_parcels WHERE depot_id = {d} AND service = 'same-day'", d=depot)
    add(100, "SELECT barcode, booked_at FROM open_parcels WHERE sender_id = {s}", s=sender)
    add(350, "SELECT p.id, p.barcode, a.street, a.postcode FROM parcels p JOIN addresses a ON a.id = p.address_id WHERE p.tour_id = {t}", t=number(1, 42000))
    add(120, "SELECT kind, count(*) FROM scans WHERE depot_id = {d} AND at >= '{w}' AND at < '{w}'::date + 1 GROUP BY kind", d=depot, w=day)
    add(60, "SELECT device, max(at) FROM scans WHERE at >= '2024-05-0{n}' GROUP BY device ORDER BY 2 LIMIT 20", n=number(1, 9))
    add(45, "SELECT id, parcel_id, at FROM scans WHERE kind = 9 AND depot_id = {d} ORDER BY at DESC LIMIT 50", d=depot)
    add(35, "SELECT p.id FROM parcels p WHERE p.delivered_at IS NULL AND p.depot_id = {d} AND NOT EXISTS (SELECT 1 FROM scans s WHERE"
            " s.parcel_id = p.id AND s.kind = 5)", d=depot)
    add(15, "SELECT p.id, count(*) FROM parcels p JOIN scans s ON s.parcel_id = p.id WHERE p.tour_id IS NULL GROUP BY p.id HAVING count(*) > 3")
    add(20, "SELECT depot_id, count(*) FROM parcels WHERE delivered_at >= '{d}' AND delivered_at < '{d}'::date + 1 GROUP BY depot_id", d=day)
    add(10, "SELECT id, weight_g FROM parcels WHERE weight_g > 29{n}00 AND returned", n=number(0, 0))
    # Tours.
    add(500, "SELECT id, stops, finished_at FROM tours WHERE driver_id = {d} AND day = '{w}'", d=number(1, 6000), w=day)
    add(300, "SELECT t.id, v.plate, r.surname FROM tours t JOIN vehicles v ON v.id = t.vehicle_id JOIN drivers r ON r.id = t.driver_id WHERE"
             " t.depot_id = {d} AND t.day = '{w}' ORDER BY t.id", d=depot, w=day)
    add(150, "SELECT id, depot_id FROM tours WHERE finished_at IS NULL AND day < '2024-05-1{n}' ORDER BY day", n=number(0, 5))
    add(90, "SELECT id, surname FROM drivers WHERE badge = 'B{n}'", n=lambda: f"{rng.randint(1, 6000) * 613 % 100000:05d}")
    add(50, "SELECT id, surname FROM drivers WHERE depot_id = {d} AND skills @> ARRAY['adr','night'] AND active", d=depot)
    add(40, "SELECT * FROM drivers WHERE surname ILIKE 'driver{n}'", n=number(1, 2500))
    add(60, "SELECT * FROM vehicles WHERE plate = 'XY-{n}'", n=lambda: f"{rng.randint(1, 5000) * 331 % 10000:04d}")
    add(30, "SELECT depot_id, count(*) FROM vehicles WHERE class = 'truck' AND retired_on IS NULL GROUP BY depot_id")
    add(600, "SELECT at, lat, lon FROM positions WHERE vehicle_id = {v} ORDER BY at DESC LIMIT 1", v=lambda: 1 + 3 * rng.randint(0, 1666))
    add(20, "SELECT vehicle_id, speed FROM positions WHERE at >= '2024-04-01 {h}:00' AND at < '2024-04-01 {h}:05' AND speed > 120", h=number(10, 19))
    add(12, "SELECT r.surname, count(*), sum(t.stops) FROM tours t JOIN drivers r ON r.id = t.driver_id WHERE r.depot_id = {d} AND t.day >= '{w}'"
            " AND t.day < '{w}'::date + 7 GROUP BY r.surname", d=depot, w=day)
    # Customers.
    add(300, "SELECT id, country, postcode FROM addresses WHERE email = 'user{n}@mail{m}.example'", n=number(0, 70000), m=number(0, 11))
    add(80, "SELECT id, street FROM addresses WHERE country = 'AA' AND postcode = '{n}'", n=lambda: f"{int(rng.random() ** 1.3 * 99999):05d}")
    add(30, "SELECT id, street FROM addresses WHERE postcode BETWEEN '{n}000' AND '{n}099' AND country IN ('AC', 'AD')", n=number(10, 98))
    add(25, "SELECT id, street FROM addresses WHERE street ILIKE '%{n} no 7%' LIMIT 20", n=number(1000, 8999))
    add(150, "SELECT p.barcode, p.delivered_at FROM parcels p JOIN addresses a ON a.id = p.address_id WHERE a.email ="
             " 'user{n}@mail{m}.example'", n=number(0, 70000), m=number(0, 11))
    # Claims.
    add(200, "SELECT id, opened, cents FROM claims WHERE parcel_id = {p}", p=parcel)
    add(60, "SELECT id, story FROM claims WHERE words @@ to_tsquery('simple', '{n} & glass')", n=lambda: f"w{rng.randint(0, 899)}")
    add(30, "SELECT id, opened FROM claims WHERE labels && ARRAY['r{n}']", n=number(200, 600))
    add(80, "SELECT id, opened, cents FROM claims WHERE closed IS NULL ORDER BY cents DESC LIMIT 20")
    add(20, "SELECT c.id, c.cents, s.name FROM claims c JOIN parcels p ON p.id = c.parcel_id JOIN consignments g ON g.id = p.consignment_id JOIN"
            " senders s ON s.id = g.sender_id WHERE c.opened >= '{d}' AND c.opened < '{d}'::date + 3 AND c.cents > 50000", d=day)
    # Money.
    add(200, "SELECT id, month, cents, paid_on FROM bills WHERE sender_id = {s} ORDER BY month DESC LIMIT 12", s=number(1, 4000))
    add(90, "SELECT * FROM sender_debts WHERE id = {s}", s=number(1, 4000))
    add(40, "SELECT tier, count(*), sum(cents) FROM sender_debts WHERE dunned = 2 GROUP BY tier")
    add(250, "SELECT l.cents, c.booked_at, c.service FROM bill_lines l JOIN consignments c ON c.id = l.consignment_id WHERE l.bill_id = {b}",
        b=number(1, 96000))
    add(70, "SELECT bill_id FROM bill_lines WHERE consignment_id = {c}", c=consignment)
    add(10, "SELECT s.tier, date_trunc('month', c.booked_at), sum(l.cents) FROM senders s JOIN consignments c ON c.sender_id = s.id JOIN bill_lines l"
            " ON l.consignment_id = c.id JOIN bills b ON b.id = l.bill_id WHERE b.month = '2022-0{m}-01'::date + 0 AND c.service = 'freight'"
            " GROUP BY 1, 2", m=number(1, 1))
    add(8, "SELECT id, month, sum(cents) OVER (PARTITION BY sender_id ORDER BY month) FROM bills WHERE sender_id IN ({a}, {b}, {c})",
        a=number(1, 4000), b=number(1, 4000), c=number(1, 4000))
    # Reports.
    add(6, "SELECT * FROM (SELECT depot_id, day, stops, row_number() OVER (PARTITION BY depot_id ORDER BY stops DESC) AS n FROM tours WHERE"
           " day >= '{d}' AND day < '{d}'::date + 30) x WHERE n <= 3", d=day)
    add(4, "SELECT service, count(*), avg(total_cents) FROM consignments WHERE booked_at >= '2023-0{m}-01' AND booked_at < '2023-1{k}-01' GROUP BY service",
        m=number(1, 9), k=number(0, 2))
    add(5, "SELECT d.city, count(*) FROM parcels p JOIN depots d ON d.id = p.depot_id JOIN countries o ON o.code = d.country WHERE o.zone = {z}"
           " AND p.delivered_at IS NULL GROUP BY d.city", z=number(1, 5))
    add(3, "SELECT kind, count(*) FROM scans GROUP BY kind")
    add(3, "SELECT o.name, s.tier, sum(c.total_cents) FROM consignments c JOIN senders s ON s.id = c.sender_id JOIN parcels p ON p.consignment_id = c.id"
           " JOIN addresses a ON a.id = p.address_id JOIN countries o ON o.code = a.country WHERE c.booked_at >= '{d}' AND c.booked_at < '{d}'::date + 7"
           " GROUP BY 1, 2", d=day)
    # The machinery.
    add(900, "SELECT id, topic, body FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT 100")
    add(60, "SELECT id, created FROM outbox WHERE topic = 'bill' AND key = 'k{n}' ORDER BY created DESC LIMIT 1", n=number(0, 59999))
    add(15, "SELECT count(*) FROM outbox WHERE tries >= 5 AND sent_at IS NULL")
    add(20, "SELECT id FROM outbox WHERE body->>'trace' = md5('{n}')", n=number(1, 50000))
    # Writes.
    add(900, "UPDATE outbox SET sent_at = now() WHERE id = {n}", n=number(1, 150000))
    add(700, "UPDATE parcels SET delivered_at = now() WHERE barcode = '{b}'", b=barcode)
    add(150, "UPDATE parcels SET tour_id = {t} WHERE consignment_id = {c}", t=number(1, 50000), c=consignment)
    add(250, "UPDATE consignments SET state = 5 WHERE id = {c}", c=consignment)
    add(40, "UPDATE tours SET finished_at = now() WHERE driver_id = {d} AND day = '{w}'", d=number(1, 6000), w=day)
    add(10, "DELETE FROM outbox WHERE sent_at < '2024-03-01 0{n}:00'", n=number(1, 6))
    add(5, "DELETE FROM positions WHERE at < '2024-04-01 00:0{n}'", n=number(1, 9))
    add(6, "UPDATE bills SET dunned = dunned + 1 WHERE paid_on IS NULL AND month < '2022-0{m}-15' AND dunned < 3", m=number(1, 9))
    return result


INSERTS = [
    (3000, "INSERT INTO scans (id, parcel_id, depot_id, kind, at, device) VALUES ({n}, 5, 7, 1, now(), 12)"),
    (400, "INSERT INTO consignments (id, sender_id, reference, booked_at, service, state, total_cents, extra) VALUES ({n}, 5,"
          " gen_random_uuid(), now(), 'ground', 0, 400, '{{}}')"),
    (600, "INSERT INTO parcels (id, consignment_id, barcode, address_id, depot_id, weight_g, returned) VALUES ({n}, 5, 'P{n}', 5, 7, 900, false)"),
    (2500, "INSERT INTO positions (vehicle_id, at, lat, lon, speed) VALUES ({n}, now(), 47, 8, 50)"),
    (900, "INSERT INTO outbox (id, topic, key, created, tries, body) VALUES ({n}, 'parcel', 'k5', now(), 0, '{{}}')"),
]
