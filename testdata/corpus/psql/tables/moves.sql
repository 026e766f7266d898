\restrict f3Gq0
CREATE TABLE warehouse.moves (
    sku text NOT NULL REFERENCES warehouse.stock,
    delta integer NOT NULL,
    at timestamptz DEFAULT now()
);
COPY warehouse.moves (sku, delta) FROM stdin;
bolt-8	10
nut-8	-3
\.
\unrestrict f3Gq0
