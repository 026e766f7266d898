CREATE TABLE c (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
CREATE TABLE o (
  id int PRIMARY KEY,
  c_id int REFERENCES c,
  x int,
  y int,
  FOREIGN KEY (x, y) REFERENCES c (x, y)
);
-- Columns in another order serve as well; so does a partial index of all that is not null.
CREATE INDEX o_y_x ON o (y, x, id);
CREATE INDEX o_c ON o (c_id) WHERE c_id IS NOT NULL;
CREATE TABLE p (c_id int REFERENCES c, d int); -- want
CREATE INDEX p_d_c ON p (d, c_id);
CREATE TABLE q (c_id int REFERENCES c, d int); -- want
CREATE INDEX q_c ON q (c_id) WHERE d > 0;
