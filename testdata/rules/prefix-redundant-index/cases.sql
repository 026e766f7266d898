CREATE TABLE t (a int, b int, c int, UNIQUE (c, a));
CREATE INDEX t_a ON t (a); -- want
CREATE INDEX t_a_b ON t (a, b);
CREATE INDEX t_c ON t (c); -- want
-- Unique: it says more than the longer one.
CREATE UNIQUE INDEX t_b ON t (b);
CREATE INDEX t_b_c ON t (b, c);
-- What is stored beside is not in the longer one.
CREATE INDEX t_a_with_c ON t (a) INCLUDE (c);
