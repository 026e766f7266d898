CREATE TABLE ${app_schema}.invoice_line (
    invoice_id bigint  NOT NULL REFERENCES ${app_schema}.invoice,
    position   integer NOT NULL,
    text       text    NOT NULL,
    cents      bigint  NOT NULL,
    PRIMARY KEY (invoice_id, position)
);

CREATE OR REPLACE FUNCTION ${app_schema}.invoice_total(bigint) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(sum(cents), 0) FROM ${app_schema}.invoice_line WHERE invoice_id = $1;
END;
