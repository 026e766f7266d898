--liquibase formatted sql

--changeset dana:search-index runInTransaction:false
CREATE INDEX CONCURRENTLY users_settings_gin ON users USING gin (settings jsonb_path_ops);
--rollback DROP INDEX CONCURRENTLY users_settings_gin;

--changeset dana:mysql-only dbms:mysql
ALTER TABLE users ENGINE = InnoDB;

--changeset dana:precondition
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM users WHERE login = ''
ALTER TABLE users ADD CONSTRAINT login_not_empty CHECK (login <> '');
--rollback empty
