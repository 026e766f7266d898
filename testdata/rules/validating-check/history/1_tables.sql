CREATE TABLE orders (id bigint PRIMARY KEY, total int);
CREATE TABLE days (id int, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE days_2024 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE weeks (id int, day date NOT NULL) PARTITION BY RANGE (day);
