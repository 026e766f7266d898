CREATE TABLE orders (id serial PRIMARY KEY); -- want
CREATE TABLE invoices (id bigserial PRIMARY KEY);
CREATE TABLE settings (key text PRIMARY KEY, n int);
