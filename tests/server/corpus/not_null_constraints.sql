-- NOT NULL as constraints with names, since 18: not valid, validated, inherited or not.
CREATE TABLE base_facts (id int, a int, b int, c int, d int, e int, f int);
CREATE TABLE more_facts (extra int) INHERITS (base_facts);
CREATE TABLE most_facts (top int) INHERITS (more_facts);
INSERT INTO base_facts SELECT n, n, n, n, n, n FROM generate_series(1, 5) n;
INSERT INTO most_facts SELECT n, n, n, n, n, n, n, n, n FROM generate_series(1, 5) n;
UPDATE base_facts SET f = 1;
CREATE TABLE lone (id int PRIMARY KEY, x int, y int, z int NOT NULL, w int);
INSERT INTO lone SELECT n, n, n, n, n FROM generate_series(1, 5) n;
CREATE TABLE halls (id int, x int, y int) PARTITION BY RANGE (id);
CREATE TABLE halls_low PARTITION OF halls FOR VALUES FROM (0) TO (10);
CREATE TABLE halls_high PARTITION OF halls DEFAULT;
INSERT INTO halls VALUES (1, 1, 1), (50, 1, 1);
-- statements
-- pg: 18
ALTER TABLE lone ADD CONSTRAINT x_there NOT NULL x;
-- pg: 18
ALTER TABLE lone ADD CONSTRAINT y_there NOT NULL y NOT VALID;
-- pg: 18
ALTER TABLE lone VALIDATE CONSTRAINT y_there;
-- pg: 18
ALTER TABLE lone VALIDATE CONSTRAINT y_there;
-- pg: 18
ALTER TABLE lone ADD NOT NULL w NOT VALID;
-- pg: 18
ALTER TABLE lone ALTER COLUMN w SET NOT NULL;
-- pg: 18
ALTER TABLE lone DROP CONSTRAINT x_there;
-- pg: 18
ALTER TABLE lone RENAME CONSTRAINT y_there TO y_present;
-- pg: 18
ALTER TABLE base_facts ADD CONSTRAINT a_there NOT NULL a;
-- pg: 18
ALTER TABLE base_facts ADD CONSTRAINT b_there NOT NULL b NO INHERIT;
-- pg: 18
ALTER TABLE base_facts ALTER CONSTRAINT b_there INHERIT;
-- pg: 18
ALTER TABLE base_facts ALTER CONSTRAINT b_there NO INHERIT;
-- pg: 18
ALTER TABLE base_facts ADD CONSTRAINT c_there NOT NULL c NOT VALID;
-- pg: 18
ALTER TABLE base_facts VALIDATE CONSTRAINT c_there;
ALTER TABLE base_facts ALTER COLUMN d SET NOT NULL;
ALTER TABLE base_facts ALTER COLUMN d DROP NOT NULL;
ALTER TABLE more_facts ALTER COLUMN e SET NOT NULL;
ALTER TABLE base_facts ALTER COLUMN e SET NOT NULL;
-- pg: 18
ALTER TABLE base_facts DROP CONSTRAINT a_there;
ALTER TABLE halls ALTER COLUMN x SET NOT NULL;
-- pg: 18
ALTER TABLE halls ADD CONSTRAINT y_there NOT NULL y NOT VALID;
-- pg: 18
ALTER TABLE halls VALIDATE CONSTRAINT y_there;
ALTER TABLE halls ALTER COLUMN x DROP NOT NULL;
ALTER TABLE lone DROP CONSTRAINT IF EXISTS nothing_there;
