--liquibase formatted sql
--property name:schema value:crm dbms:postgresql

--changeset dana:create-users context:prod,test labels:base
CREATE TABLE users (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    login varchar(64) NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}'
);
--rollback DROP TABLE users;

--changeset dana:users-login-unique
ALTER TABLE users ADD CONSTRAINT users_login_key UNIQUE (login);
--rollback ALTER TABLE users DROP CONSTRAINT users_login_key;
