"""A help desk for machines in the field, many tenants in one schema: 19 tables and a view, primary keys only.

Written when three workloads had been worked with: its first run was blind.
"""

from statements import Statements

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TYPE ticket_state AS ENUM ('new', 'open', 'pending', 'solved', 'closed');
CREATE TABLE tenants (id int PRIMARY KEY, slug text NOT NULL, plan text NOT NULL, region text NOT NULL, created_at timestamptz NOT NULL,
  suspended_at timestamptz, settings jsonb NOT NULL);
CREATE TABLE members (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, email varchar(200) NOT NULL, display_name text NOT NULL,
  role text NOT NULL, last_seen_at timestamptz, disabled boolean NOT NULL DEFAULT false, badges text[] NOT NULL DEFAULT '{}');
CREATE TABLE sites (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, parent_id int REFERENCES sites, name text NOT NULL,
  timezone text NOT NULL, lat numeric(8,5) NOT NULL, lon numeric(8,5) NOT NULL);
CREATE TABLE device_models (id int PRIMARY KEY, vendor text NOT NULL, name text NOT NULL, category text NOT NULL);
CREATE TABLE devices (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, site_id int NOT NULL REFERENCES sites,
  model_id int NOT NULL REFERENCES device_models, serial text NOT NULL, firmware text NOT NULL, status text NOT NULL, last_contact timestamptz NOT NULL,
  decommissioned_at timestamptz, attributes jsonb NOT NULL);
CREATE TABLE readings (id bigint PRIMARY KEY, device_id int NOT NULL, metric smallint NOT NULL, taken_at timestamptz NOT NULL,
  value double precision NOT NULL, quality smallint NOT NULL);
CREATE TABLE alert_rules (id int PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, metric smallint NOT NULL, bounds numrange NOT NULL,
  enabled boolean NOT NULL, site_ids int[] NOT NULL);
CREATE TABLE alerts (id bigint PRIMARY KEY, tenant_id int NOT NULL, device_id int NOT NULL REFERENCES devices, rule_id int NOT NULL,
  severity smallint NOT NULL, raised_at timestamptz NOT NULL, acknowledged_at timestamptz, cleared_at timestamptz, payload jsonb NOT NULL);
CREATE TABLE tickets (id bigint PRIMARY KEY, tenant_id int NOT NULL REFERENCES tenants, number int NOT NULL, subject text NOT NULL,
  state ticket_state NOT NULL, priority smallint NOT NULL, requester_id int NOT NULL REFERENCES members, assignee_id int REFERENCES members,
  device_id int REFERENCES devices, opened_at timestamptz NOT NULL, due_at timestamptz, closed_at timestamptz, labels text[] NOT NULL,
  custom jsonb NOT NULL, search tsvector NOT NULL);
CREATE TABLE ticket_events (id bigint PRIMARY KEY, ticket_id bigint NOT NULL REFERENCES tickets, actor_id int NOT NULL, kind text NOT NULL,
  at timestamptz NOT NULL, body text);
CREATE TABLE attachments (id bigint PRIMARY KEY, event_id bigint NOT NULL REFERENCES ticket_events ON DELETE CASCADE, sha256 bytea NOT NULL,
  size bigint NOT NULL, content_type text NOT NULL, deleted boolean NOT NULL DEFAULT false);
CREATE TABLE watchers (member_id int NOT NULL, ticket_id bigint NOT NULL, since date NOT NULL, PRIMARY KEY (member_id, ticket_id));
CREATE TABLE maintenance (id int PRIMARY KEY, site_id int NOT NULL, during tstzrange NOT NULL, crew int NOT NULL, done boolean NOT NULL);
CREATE TABLE sessions (token uuid PRIMARY KEY, member_id int NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  address inet NOT NULL, revoked boolean NOT NULL);
CREATE TABLE api_usage (tenant_id int NOT NULL, day date NOT NULL, endpoint text NOT NULL, calls bigint NOT NULL, errors bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, endpoint));
CREATE TABLE invoices (id int PRIMARY KEY, tenant_id int NOT NULL, period daterange NOT NULL, issued_on date NOT NULL, status text NOT NULL,
  total numeric(12,2) NOT NULL, paid_at timestamptz);
CREATE TABLE jobs (id bigint PRIMARY KEY, queue text NOT NULL, priority smallint NOT NULL, run_at timestamptz NOT NULL, locked_by text,
  attempts smallint NOT NULL, finished_at timestamptz, args jsonb NOT NULL);
CREATE TABLE deliveries (id bigint PRIMARY KEY, tenant_id int NOT NULL, url text NOT NULL, status_code smallint, created_at timestamptz NOT NULL,
  next_try_at timestamptz, tries smallint NOT NULL);
CREATE TABLE audit_log (id bigint PRIMARY KEY, tenant_id int NOT NULL, actor_id int, action text NOT NULL, object_type text NOT NULL,
  object_id bigint NOT NULL, at timestamptz NOT NULL);
CREATE VIEW live_tickets AS SELECT t.*, m.display_name AS requester FROM tickets t JOIN members m ON m.id = t.requester_id
  WHERE t.state NOT IN ('solved', 'closed');
"""

DATA = """
SELECT setseed(0.77);
INSERT INTO tenants SELECT i, 'tenant-' || substr(md5(i::text), 1, 10), (ARRAY['trial','basic','basic','team','enterprise'])[1 + (power(random(), 2) * 4)::int],
  (ARRAY['eu-1','eu-1','us-1','us-2','ap-1'])[1 + i % 5], '2019-01-01'::timestamptz + i * interval '1 day', CASE WHEN random() < 0.06 THEN
  '2024-01-01'::timestamptz + i * interval '1 hour' END, jsonb_build_object('sso', i % 11 = 0, 'locale', (ARRAY['en','de','ja'])[1 + i % 3])
  FROM generate_series(1, 1500) i;
INSERT INTO members SELECT i, 1 + (power(random(), 3) * 1499)::int, 'person' || i || '@org' || i % 1500 || '.example', 'Person ' || md5(i::text),
  (ARRAY['customer','customer','customer','customer','agent','agent','admin'])[1 + (power(random(), 1.4) * 6)::int], CASE WHEN random() < 0.8 THEN
  '2023-06-01'::timestamptz + random() * interval '400 days' END, random() < 0.04, CASE WHEN random() < 0.1 THEN ARRAY['b' || i % 30, 'b' || i % 7] ELSE
  '{}' END FROM generate_series(1, 60000) i;
INSERT INTO sites SELECT i, 1 + (power(random(), 3) * 1499)::int, CASE WHEN i > 500 THEN 1 + (i * 13) % (i / 2) END, 'Site ' || i % 2000,
  'Europe/Zone' || i % 12, (random() * 90)::numeric(8,5), (random() * 90)::numeric(8,5) FROM generate_series(1, 8000) i;
INSERT INTO device_models SELECT i, 'vendor' || i % 14, 'model ' || i, (ARRAY['pump','lift','boiler','gate'])[1 + i % 4] FROM generate_series(1, 160) i;
INSERT INTO devices SELECT i, s.tenant_id, s.id, 1 + (power(random(), 2) * 159)::int, 'SN' || lpad((i * 7919 % 1000000)::text, 8, '0'), '4.' || i % 9 || '.' ||
  i % 5, (ARRAY['ok','ok','ok','ok','ok','ok','degraded','offline'])[1 + (power(random(), 2.5) * 7)::int], '2024-06-30'::timestamptz -
  power(random(), 8) * interval '90 days', CASE WHEN random() < 0.15 THEN '2023-01-01'::timestamptz + i * interval '9 minutes' END,
  jsonb_build_object('floor', i % 12, 'line', 'L' || i % 300, 'sim', i * 3, 'battery', (random() * 100)::int)
  FROM generate_series(1, 40000) i JOIN sites s ON s.id = 1 + (i * 31) % 8000;
INSERT INTO readings SELECT i, 1 + (power(random(), 2.2) * 39999)::int, 1 + (power(random(), 1.7) * 11)::int, '2024-05-01'::timestamptz + i * interval
  '8 seconds' + random() * interval '5 minutes', random() * 100, CASE WHEN random() < 0.01 THEN 2 WHEN random() < 0.004 THEN 3 ELSE 0 END
  FROM generate_series(1, 600000) i;
INSERT INTO alert_rules SELECT i, 1 + (power(random(), 3) * 1499)::int, 1 + i % 12, numrange((i % 50)::numeric, (i % 50 + 20 + i % 13)::numeric),
  random() < 0.85, ARRAY[1 + i % 8000, 1 + i * 7 % 8000, 1 + i * 11 % 8000] FROM generate_series(1, 9000) i;
INSERT INTO alerts SELECT i, d.tenant_id, d.id, 1 + (random() * 8999)::int, (ARRAY[1,1,1,2,2,3,4])[1 + (power(random(), 1.5) * 6)::int],
  '2023-10-01'::timestamptz + i * interval '2 minutes', CASE WHEN i < 178000 AND random() < 0.98 THEN '2023-10-01 00:30'::timestamptz + i * interval
  '2 minutes' END, CASE WHEN i < 179000 AND random() < 0.99 THEN '2023-10-01 04:00'::timestamptz + i * interval '2 minutes' END,
  jsonb_build_object('code', 'E' || (power(random(), 2) * 400)::int, 'source', jsonb_build_object('unit', i % 500))
  FROM generate_series(1, 180000) i JOIN devices d ON d.id = 1 + (power((i * 9973 % 40000) / 40000.0, 2) * 39999)::int;
INSERT INTO tickets SELECT i, m.tenant_id, i / 3, 'Subject ' || md5(i::text), (CASE WHEN i < 112000 THEN CASE WHEN random() < 0.02 THEN 'pending' ELSE
  'closed' END ELSE (ARRAY['new','open','open','pending','solved'])[1 + i % 5] END)::ticket_state, 1 + (power(random(), 2) * 4)::int, m.id, CASE WHEN
  random() < 0.9 THEN 1 + (power(random(), 2) * 59999)::int END, CASE WHEN random() < 0.5 THEN 1 + (power(random(), 1.5) * 39999)::int END,
  '2022-01-01'::timestamptz + i * interval '11 minutes', CASE WHEN random() < 0.6 THEN '2022-01-04'::timestamptz + i * interval '11 minutes' END,
  CASE WHEN i < 112000 THEN '2022-01-02'::timestamptz + i * interval '11 minutes' + random() * interval '6 days' END,
  ARRAY['area' || i % 25, 'tag' || (power(random(), 2) * 900)::int], jsonb_build_object('contract', 'C' || i % 7000, 'vip', random() < 0.02),
  to_tsvector('english', 'machine ' || (ARRAY['stopped','noise','leak','leak','screen','door'])[1 + (power(random(), 2) * 5)::int] || ' floor' || i % 60 ||
  ' part' || (power(random(), 1.5) * 3000)::int) FROM generate_series(1, 120000) i JOIN members m ON m.id = 1 + (i * 37) % 60000;
INSERT INTO ticket_events SELECT i, 1 + (i * 2 / 7 + (random() * 90)::int) % 120000, 1 + (power(random(), 2) * 59999)::int,
  (ARRAY['comment','comment','comment','state','assign','note','merge'])[1 + (power(random(), 1.3) * 6)::int], '2022-01-01'::timestamptz + i * interval
  '189 seconds', CASE WHEN i % 3 > 0 THEN repeat(md5(i::text), 2) END FROM generate_series(1, 420000) i;
INSERT INTO attachments SELECT i, 1 + i * 6::bigint, decode(md5((i % 45000)::text), 'hex'), (power(random(), 5) * 20000000)::bigint, (ARRAY['image/jpeg',
  'image/png','application/pdf','text/plain'])[1 + (power(random(), 2) * 3)::int], random() < 0.02 FROM generate_series(1, 65000) i;
INSERT INTO watchers SELECT m, t, '2024-01-01'::date + m % 90 FROM (SELECT DISTINCT 1 + (power(random(), 2) * 59999)::int AS m, 1 + (random() * 119999)::int AS t
  FROM generate_series(1, 150000)) w;
INSERT INTO maintenance SELECT i, 1 + (i * 17) % 8000, tstzrange('2023-01-01'::timestamptz + i * interval '25 minutes', '2023-01-01'::timestamptz + i * interval
  '25 minutes' + (1 + i % 8) * interval '1 hour'), i % 70, i < 29000 FROM generate_series(1, 30000) i;
INSERT INTO sessions SELECT md5('s' || i)::uuid, 1 + (power(random(), 2) * 59999)::int, '2024-05-15'::timestamptz + i * interval '30 seconds',
  '2024-05-29'::timestamptz + i * interval '30 seconds', ('10.' || i % 200 || '.' || i % 250 || '.7')::inet, random() < 0.1 FROM generate_series(1, 100000) i;
INSERT INTO api_usage SELECT t, '2024-03-01'::date + d, '/v1/' || e, (power(random(), 4) * 90000)::int, CASE WHEN random() < 0.05 THEN (random() * 900)::int ELSE
  0 END FROM generate_series(1, 1500, 2) t, generate_series(0, 59) d, unnest(ARRAY['tickets','devices','alerts']) e;
INSERT INTO invoices SELECT i, 1 + i % 1500, daterange('2020-01-01'::date + i / 1500 * 30, '2020-01-31'::date + i / 1500 * 30), '2020-02-01'::date + i / 1500 * 30,
  CASE WHEN random() < 0.95 THEN 'paid' WHEN random() < 0.5 THEN 'void' ELSE 'due' END, (random() * 4000)::numeric(12,2), CASE WHEN random() < 0.93 THEN
  '2020-02-09'::timestamptz + i / 1500 * interval '30 days' END FROM generate_series(1, 60000) i;
INSERT INTO jobs SELECT i, (ARRAY['mail','mail','mail','report','sync','export'])[1 + (power(random(), 1.5) * 5)::int], (power(random(), 3) * 9)::int,
  '2024-06-01'::timestamptz + i * interval '15 seconds', CASE WHEN random() < 0.001 THEN 'worker' || i % 9 END, (power(random(), 6) * 5)::int, CASE WHEN
  i < 118500 AND random() < 0.997 THEN '2024-06-01 00:01'::timestamptz + i * interval '15 seconds' END, jsonb_build_object('ticket', i % 90000, 'batch', md5((i /
  10)::text)) FROM generate_series(1, 120000) i;
INSERT INTO deliveries SELECT i, 1 + (power(random(), 3) * 1499)::int, 'https://hook' || i % 800 || '.example/in', CASE WHEN random() < 0.95 THEN 200 WHEN random() <
  0.7 THEN 500 END, '2024-04-01'::timestamptz + i * interval '45 seconds', CASE WHEN random() < 0.01 THEN '2024-06-30'::timestamptz + (i % 600) * interval '1 minute'
  END, 1 + (power(random(), 7) * 6)::int FROM generate_series(1, 160000) i;
INSERT INTO audit_log SELECT i, 1 + (power(random(), 3) * 1499)::int, CASE WHEN random() < 0.8 THEN 1 + (power(random(), 2) * 59999)::int END, (ARRAY['login','login',
  'view','view','edit','export','delete'])[1 + (power(random(), 1.6) * 6)::int], (ARRAY['ticket','device','member','rule'])[1 + (power(random(), 1.5) * 3)::int],
  (random() * 100000)::int, '2023-01-01'::timestamptz + i * interval '130 seconds' FROM generate_series(1, 340000) i;
"""


def queries():
    """The statements; constants differ from sample to sample."""
    result = Statements(101)
    rng, add, number, skewed = result.random, result.add, result.number, result.skewed

    tenant, member, ticket, device, site = skewed(1500, 3), skewed(60000), number(1, 120000), skewed(40000, 2.2), number(1, 8000)
    day = lambda: f"2024-0{rng.randint(5, 6)}-{rng.randint(1, 25):02d}"
    past = lambda: f"202{rng.randint(2, 3)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    # Signing in.
    add(2500, "SELECT s.member_id, m.tenant_id, m.role FROM sessions s JOIN members m ON m.id = s.member_id WHERE s.token = md5('s{n}')::uuid AND NOT s.revoked"
              " AND s.expires_at > '2024-06-25'", n=number(1, 100000))
    add(700, 'SELECT "members"."id", "members"."role" FROM "members" WHERE lower("members"."email") = lower(\'Person{n}@org{n}.example\') LIMIT 1', n=number(1, 1499))
    add(300, "SELECT id, slug, plan FROM tenants WHERE slug = 'tenant-' || substr(md5('{n}'), 1, 10)", n=number(1, 1500))
    add(90, "SELECT token, created_at, address FROM sessions WHERE member_id = {m} AND revoked = false ORDER BY created_at DESC", m=member)
    add(20, "DELETE FROM sessions WHERE expires_at < '2024-05-29 0{n}:00'", n=number(1, 3))
    add(25, "UPDATE sessions SET revoked = true WHERE member_id = {m} AND NOT revoked", m=member)
    # The agent's lists.
    add(900, "SELECT id, number, subject, state, priority FROM tickets WHERE tenant_id = {t} AND state IN ('new', 'open', 'pending') ORDER BY priority DESC,"
             " opened_at LIMIT 50", t=tenant)
    add(600, "SELECT id, number, subject, due_at FROM tickets WHERE assignee_id = {m} AND state <> 'closed' ORDER BY due_at NULLS LAST LIMIT 30", m=member)
    add(400, "SELECT id, number, subject FROM tickets WHERE tenant_id = {t} AND (opened_at, id) < ('{d}'::timestamptz, {i}) ORDER BY opened_at DESC, id DESC LIMIT"
             " 25", t=tenant, d=past, i=ticket)
    add(350, "SELECT count(*) FROM live_tickets WHERE tenant_id = {t} AND assignee_id IS NULL", t=tenant)
    add(150, "SELECT id, requester, subject, due_at FROM live_tickets WHERE due_at < '2024-06-{n}' ORDER BY due_at LIMIT 20", n=number(10, 28))
    add(1200, "SELECT * FROM tickets WHERE tenant_id = {t} AND number = {n}", t=tenant, n=number(1, 40000))
    add(120, "SELECT priority, count(*) FROM tickets WHERE tenant_id = {t} AND closed_at IS NULL GROUP BY priority", t=tenant)
    add(200, "SELECT id, subject, opened_at FROM tickets WHERE requester_id = {m} ORDER BY opened_at DESC LIMIT 10", m=number(1, 60000))
    add(130, "SELECT t.id, t.subject FROM tickets t WHERE t.device_id = {d} AND t.opened_at > '{p}' ORDER BY t.opened_at DESC", d=device, p=past)
    add(80, "SELECT id, subject FROM tickets WHERE tenant_id = {t} AND labels @> ARRAY['tag{n}'] LIMIT 50", t=skewed(300), n=number(1, 900))
    add(70, "SELECT id, subject FROM tickets WHERE search @@ websearch_to_tsquery('english', 'leak part{n}') ORDER BY opened_at DESC LIMIT 20", n=number(1, 3000))
    add(50, "SELECT id, state FROM tickets WHERE custom->>'contract' = 'C{n}'", n=number(0, 6999))
    add(30, "SELECT id, subject FROM tickets WHERE custom @> '{{\"vip\": true}}' AND state = 'open'")
    add(45, "SELECT id, number FROM tickets WHERE subject ILIKE '%{n}%' AND tenant_id = {t} LIMIT 10", n=lambda: f"{rng.randrange(1 << 20):05x}", t=skewed(200))
    # One ticket.
    add(2200, "SELECT id, actor_id, kind, at, body FROM ticket_events WHERE ticket_id = {t} ORDER BY at, id", t=ticket)
    add(600, "SELECT a.id, a.size, a.content_type FROM attachments a JOIN ticket_events e ON e.id = a.event_id WHERE e.ticket_id = {t} AND NOT a.deleted", t=ticket)
    add(300, "SELECT m.id, m.email FROM watchers w JOIN members m ON m.id = w.member_id WHERE w.ticket_id = {t} AND NOT m.disabled", t=ticket)
    add(250, "SELECT EXISTS (SELECT 1 FROM ticket_events WHERE ticket_id = {t} AND kind = 'merge')", t=ticket)
    add(100, "SELECT t.id, t.subject, last.at, last.body FROM tickets t CROSS JOIN LATERAL (SELECT e.at, e.body FROM ticket_events e WHERE e.ticket_id = t.id AND e.kind ="
             " 'comment' ORDER BY e.at DESC LIMIT 1) AS last WHERE t.tenant_id = {t} AND t.state = 'open' ORDER BY last.at DESC LIMIT 20", t=skewed(300))
    add(40, "SELECT id, event_id FROM attachments WHERE sha256 = decode(md5('{n}'), 'hex')", n=number(0, 44999))
    add(6, "SELECT id FROM attachments WHERE deleted AND size > 1{n}00000", n=number(0, 9))
    add(15, "SELECT t.id FROM tickets t WHERE t.state = 'pending' AND NOT EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id AND e.kind = 'comment' AND e.at >"
            " '2024-0{n}-01') ORDER BY t.opened_at LIMIT 100", n=number(1, 5))
    add(20, "SELECT t.id FROM tickets t LEFT JOIN watchers w ON w.ticket_id = t.id WHERE w.ticket_id IS NULL AND t.tenant_id = {t} AND t.state IN ('open', 'new')",
        t=skewed(300))
    # People.
    add(250, "SELECT id, display_name FROM members WHERE tenant_id = {t} AND role IN ('agent', 'admin') AND NOT disabled ORDER BY display_name", t=tenant)
    add(120, "SELECT id, display_name, email FROM members WHERE tenant_id = {t} AND display_name ILIKE 'person {n}%' LIMIT 10", t=tenant, n=lambda:
        f"{rng.randrange(256):02x}")
    add(30, "SELECT id FROM members WHERE badges && ARRAY['b{n}']::text[]", n=number(8, 29))
    add(12, "SELECT tenant_id, count(*) FROM members WHERE last_seen_at >= '2024-06-{n}' AND disabled IS FALSE GROUP BY tenant_id ORDER BY 2 DESC LIMIT 10", n=number(10, 28))
    add(200, "UPDATE members SET last_seen_at = now() WHERE id = {m}", m=number(1, 60000))
    add(8, "SELECT m.id, m.email FROM members m WHERE m.role = 'admin' AND m.last_seen_at IS NULL AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.member_id = m.id)")
    # Devices.
    add(1500, "SELECT id, tenant_id, status FROM devices WHERE serial = 'SN{n}'", n=lambda: f"{rng.randint(1, 40000) * 7919 % 1000000:08d}")
    add(400, "SELECT d.id, d.serial, d.status, mo.name FROM devices d JOIN device_models mo ON mo.id = d.model_id WHERE d.site_id = {s} AND d.decommissioned_at IS NULL"
             " ORDER BY d.serial", s=site)
    add(150, "SELECT status, count(*) FROM devices WHERE tenant_id = {t} AND decommissioned_at IS NULL GROUP BY status", t=tenant)
    add(60, "SELECT id, serial, last_contact FROM devices WHERE status = 'offline' AND tenant_id = {t} ORDER BY last_contact LIMIT 50", t=tenant)
    add(40, "SELECT id FROM devices WHERE last_contact < '2024-05-{n}' AND decommissioned_at IS NULL", n=number(1, 20))
    add(25, "SELECT id, serial FROM devices WHERE attributes->>'line' = 'L{n}' AND (attributes->>'battery')::int < 20", n=number(0, 299))
    add(20, "SELECT id FROM devices WHERE attributes @> '{{\"sim\": {n}}}'", n=lambda: 3 * rng.randint(1, 40000))
    add(800, "UPDATE devices SET last_contact = now() WHERE id = {d}", d=device)
    add(8, "SELECT mo.category, d.firmware, count(*) FROM devices d JOIN device_models mo ON mo.id = d.model_id WHERE mo.vendor = 'vendor{v}' GROUP BY 1, 2", v=number(0, 13))
    add(90, "WITH RECURSIVE tree AS (SELECT id, name FROM sites WHERE id = {s} UNION ALL SELECT s.id, s.name FROM sites s JOIN tree ON s.parent_id = tree.id) SELECT * FROM"
            " tree", s=number(1, 4000))
    add(150, "SELECT id, name FROM sites WHERE tenant_id = {t} ORDER BY name", t=tenant)
    # Readings.
    add(1000, "SELECT taken_at, value FROM readings WHERE device_id = {d} AND metric = {k} ORDER BY taken_at DESC LIMIT 1", d=device, k=skewed(12, 1.7))
    add(300, "SELECT date_trunc('hour', taken_at) AS hour, avg(value), max(value) FROM readings WHERE device_id = {d} AND metric = {k} AND taken_at >= '{w}' AND taken_at <"
             " '{w}'::timestamptz + interval '7 days' GROUP BY 1 ORDER BY 1", d=device, k=skewed(12, 1.7), w=day)
    add(15, "SELECT device_id, count(*) FROM readings WHERE quality = 3 AND taken_at > '{w}' GROUP BY device_id", w=day)
    add(10, "SELECT metric, percentile_cont(0.95) WITHIN GROUP (ORDER BY value) FROM readings WHERE taken_at BETWEEN '{w} 00:00' AND '{w} 02:00' GROUP BY metric", w=day)
    add(60, "SELECT d.id, r.taken_at, r.value FROM devices d LEFT JOIN LATERAL (SELECT taken_at, value FROM readings WHERE device_id = d.id AND metric = 1 ORDER BY taken_at"
            " DESC LIMIT 1) r ON true WHERE d.site_id = {s}", s=site)
    add(12, "SELECT device_id, taken_at, value, value - lag(value) OVER (PARTITION BY device_id ORDER BY taken_at) AS step FROM readings WHERE device_id IN ({a}, {b}, {c})"
            " AND metric = 2", a=device, b=device, c=device)
    add(3, "DELETE FROM readings WHERE taken_at < '2024-05-01 0{n}:00'", n=number(1, 2))
    # Alerts.
    add(500, "SELECT id, device_id, severity, raised_at FROM alerts WHERE tenant_id = {t} AND cleared_at IS NULL ORDER BY severity DESC, raised_at DESC LIMIT 50", t=tenant)
    add(250, "SELECT count(*) FROM alerts WHERE tenant_id = {t} AND acknowledged_at IS NULL AND severity >= 3", t=tenant)
    add(200, "SELECT id, rule_id, raised_at, cleared_at FROM alerts WHERE device_id = {d} ORDER BY raised_at DESC LIMIT 20", d=device)
    add(30, "SELECT id, device_id FROM alerts WHERE payload->>'code' = 'E{n}' AND raised_at >= '2024-0{k}-01'", n=number(100, 400), k=number(3, 5))
    add(10, "SELECT id FROM alerts WHERE payload @> '{{\"source\": {{\"unit\": {n}}}}}' AND severity = 4", n=number(0, 499))
    add(40, "UPDATE alerts SET acknowledged_at = now() WHERE tenant_id = {t} AND acknowledged_at IS NULL AND device_id = {d}", t=tenant, d=device)
    add(20, "SELECT id, bounds FROM alert_rules WHERE metric = {k} AND enabled AND NOT bounds @> {v}::numeric AND tenant_id = {t}", k=number(1, 12), v=number(0, 99), t=tenant)
    add(25, "SELECT id FROM alert_rules WHERE {s} = ANY (site_ids)", s=site)
    add(35, "SELECT id FROM alert_rules WHERE site_ids @> ARRAY[{s}]", s=site)
    add(10, "SELECT r.id, count(a.id) FROM alert_rules r LEFT JOIN alerts a ON a.rule_id = r.id AND a.raised_at > '2024-05-{n}' WHERE r.tenant_id = {t} GROUP BY r.id",
        n=number(10, 28), t=skewed(400))
    add(50, "SELECT id, crew FROM maintenance WHERE during && tstzrange('{w}', '{w}'::timestamptz + interval '1 day')", w=day)
    add(80, "SELECT 1 FROM maintenance WHERE site_id = {s} AND during @> '{w} 10:00'::timestamptz", s=site, w=day)
    add(15, "SELECT id, site_id FROM maintenance WHERE NOT done ORDER BY lower(during) LIMIT 40")
    # Money and use.
    add(90, "SELECT id, issued_on, total, status FROM invoices WHERE tenant_id = {t} ORDER BY issued_on DESC LIMIT 12", t=number(1, 1500))
    add(12, "SELECT i.id, t.slug, i.total FROM invoices i JOIN tenants t ON t.id = i.tenant_id WHERE i.status = 'due' AND i.issued_on < '2022-0{n}-01' ORDER BY i.issued_on",
        n=number(1, 9))
    add(6, "SELECT date_trunc('month', issued_on), sum(total) FROM invoices WHERE status = 'paid' AND issued_on >= '2021-0{n}-01' GROUP BY 1 ORDER BY 1", n=number(1, 9))
    add(100, "SELECT day, sum(calls) FROM api_usage WHERE tenant_id = {t} AND day >= '2024-04-{n}' GROUP BY day", t=lambda: 1 + 2 * rng.randint(0, 749), n=number(10, 25))
    add(5, "SELECT tenant_id, sum(errors) FROM api_usage WHERE day = '2024-04-{n}' AND errors > 100 GROUP BY tenant_id ORDER BY 2 DESC LIMIT 20", n=number(10, 28))
    # The machinery.
    add(1500, "SELECT id, args FROM jobs WHERE queue = 'mail' AND finished_at IS NULL AND locked_by IS NULL AND run_at <= now() ORDER BY priority DESC, run_at LIMIT 10 FOR"
              " UPDATE SKIP LOCKED")
    add(200, "SELECT id, args FROM jobs WHERE queue = 'export' AND finished_at IS NULL AND locked_by IS NULL AND run_at <= now() ORDER BY priority DESC, run_at LIMIT 1 FOR"
             " UPDATE SKIP LOCKED")
    add(900, "UPDATE jobs SET finished_at = now() WHERE id = {n}", n=number(1, 120000))
    add(15, "SELECT queue, count(*) FROM jobs WHERE finished_at IS NULL GROUP BY queue")
    add(20, "SELECT id FROM jobs WHERE (args->>'ticket')::int = {n}", n=number(1, 89999))
    add(4, "DELETE FROM jobs WHERE finished_at < '2024-06-01 0{n}:00'", n=number(1, 5))
    add(100, "SELECT id, url, tries FROM deliveries WHERE next_try_at <= '2024-06-30 0{n}:00' AND tries < 5 ORDER BY next_try_at LIMIT 50", n=number(1, 9))
    add(40, "SELECT id, status_code, created_at FROM deliveries WHERE tenant_id = {t} AND (status_code IS NULL OR status_code >= 500) ORDER BY created_at DESC LIMIT 20", t=tenant)
    add(10, "SELECT url, count(*) FROM deliveries WHERE created_at >= '2024-06-{n}' AND status_code = 500 GROUP BY url HAVING count(*) > 2", n=number(10, 20))
    # Tracing who did what.
    add(60, "SELECT action, at, actor_id FROM audit_log WHERE object_type = 'ticket' AND object_id = {n} ORDER BY at", n=number(1, 100000))
    add(50, "SELECT id, action, at FROM audit_log WHERE tenant_id = {t} AND at >= '{p}' AND at < '{p}'::date + 1 ORDER BY at DESC LIMIT 100", t=tenant, p=lambda:
        f"2023-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}")
    add(30, "SELECT id, object_id, at FROM audit_log WHERE actor_id = {m} AND action = 'export' ORDER BY at DESC LIMIT 10", m=member)
    add(8, "SELECT actor_id, count(*) FROM audit_log WHERE action = 'delete' AND at > '2024-04-{n}' GROUP BY actor_id ORDER BY 2 DESC LIMIT 5", n=number(10, 28))
    add(25, "SELECT 'ticket' AS what, id, opened_at AS at FROM tickets WHERE requester_id = {m} UNION ALL SELECT 'event', id, at FROM ticket_events WHERE actor_id = {m} ORDER BY"
            " at DESC LIMIT 20", m=member)
    # Reports.
    add(4, "SELECT date_trunc('week', opened_at), count(*), avg(extract(epoch FROM closed_at - opened_at)) FROM tickets WHERE tenant_id = {t} AND opened_at >= '2023-0{n}-01'"
           " GROUP BY 1 ORDER BY 1", t=skewed(100), n=number(1, 9))
    add(3, "SELECT m.display_name, count(*) FROM ticket_events e JOIN members m ON m.id = e.actor_id WHERE e.kind = 'comment' AND e.at >= '{p}' AND e.at < '{p}'::date + 7 GROUP BY 1"
           " ORDER BY 2 DESC LIMIT 10", p=past)
    add(3, "WITH busy AS (SELECT device_id, count(*) AS n FROM alerts WHERE raised_at >= '2024-05-{k}' GROUP BY device_id HAVING count(*) > 3) SELECT d.serial, s.name, busy.n FROM busy"
           " JOIN devices d ON d.id = busy.device_id JOIN sites s ON s.id = d.site_id ORDER BY busy.n DESC LIMIT 25", k=number(10, 28))
    add(2, "SELECT tenant_id, state, count(*) FROM tickets GROUP BY tenant_id, state")
    add(2, "SELECT * FROM (SELECT tenant_id, id, priority, rank() OVER (PARTITION BY tenant_id ORDER BY priority DESC, opened_at) AS r FROM tickets WHERE state = 'new') x WHERE r <= 3")
    # Writes.
    add(300, "UPDATE tickets SET state = 'solved', closed_at = now() WHERE id = {t}", t=ticket)
    add(60, "UPDATE tickets SET assignee_id = {m} WHERE tenant_id = {n} AND number = {k}", m=member, n=tenant, k=number(1, 40000))
    add(30, "DELETE FROM watchers WHERE ticket_id = {t}", t=ticket)
    add(2, "UPDATE tickets SET state = 'closed' WHERE state = 'solved' AND closed_at < '2022-0{n}-01'", n=number(1, 9))
    return result


INSERTS = [
    (4000, "INSERT INTO readings (id, device_id, metric, taken_at, value, quality) VALUES ({n}, 5, 7, now(), 1.5, 0)"),
    (300, "INSERT INTO alerts (id, tenant_id, device_id, rule_id, severity, raised_at, payload) VALUES ({n}, 5, 7, 9, 1, now(), '{{}}')"),
    (200, "INSERT INTO tickets (id, tenant_id, number, subject, state, priority, requester_id, opened_at, labels, custom, search) VALUES ({n}, 5, {n}, 's', 'new', 1, 5, now(), '{{}}',"
          " '{{}}', '')"),
    (900, "INSERT INTO ticket_events (id, ticket_id, actor_id, kind, at, body) VALUES ({n}, 5, 7, 'comment', now(), 'b')"),
    (900, "INSERT INTO jobs (id, queue, priority, run_at, attempts, args) VALUES ({n}, 'mail', 1, now(), 0, '{{}}')"),
    (1200, "INSERT INTO audit_log (id, tenant_id, actor_id, action, object_type, object_id, at) VALUES ({n}, 5, 7, 'view', 'ticket', 9, now())"),
    (600, "INSERT INTO sessions (token, member_id, created_at, expires_at, address, revoked) VALUES (md5('x{n}')::uuid, 5, now(), now(), '10.0.0.1', false)"),
]
