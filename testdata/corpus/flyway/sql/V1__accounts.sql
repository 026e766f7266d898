CREATE SCHEMA IF NOT EXISTS ${app_schema};

CREATE TABLE ${app_schema}.account (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text        NOT NULL,
    display_name  text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT account_email_key UNIQUE (email)
);

COMMENT ON TABLE ${app_schema}.account IS 'who pays; created by ${flyway:user}';
