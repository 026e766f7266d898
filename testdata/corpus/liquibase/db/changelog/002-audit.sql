--liquibase formatted sql

--changeset omar:audit-table
CREATE TABLE audit (
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    who text NOT NULL DEFAULT current_user,
    what jsonb
) PARTITION BY RANGE (at);
CREATE TABLE audit_2024 PARTITION OF audit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
/* liquibase rollback
DROP TABLE audit;
*/

--changeset omar:audit-trigger splitStatements:false stripComments:false
CREATE FUNCTION write_audit() RETURNS trigger AS $body$
BEGIN
    INSERT INTO audit (what) VALUES (to_jsonb(NEW)); -- the row as it became
    RETURN NEW;
END;
$body$ LANGUAGE plpgsql;
--rollback DROP FUNCTION write_audit();

--changeset omar:audit-users endDelimiter:/
CREATE TRIGGER users_audit AFTER INSERT OR UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION write_audit()
/
