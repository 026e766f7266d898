CREATE TABLE t (a int PRIMARY KEY, b text, c int, d int);
CREATE UNIQUE INDEX t_a ON t (a); -- want
CREATE INDEX t_b ON t (b);
CREATE INDEX t_b2 ON t USING btree (b ASC NULLS LAST); -- want
-- Each of these differs in what it can do.
CREATE INDEX t_b_pattern ON t (b text_pattern_ops);
CREATE INDEX t_b_c ON t (b COLLATE "C");
CREATE INDEX t_b_hash ON t USING hash (b);
CREATE INDEX t_b_some ON t (b) WHERE c > 0;
CREATE INDEX t_b_lower ON t (lower(b));
CREATE INDEX t_b_down ON t (b DESC);
