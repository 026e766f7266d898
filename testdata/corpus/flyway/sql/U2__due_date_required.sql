ALTER TABLE ${app_schema}.invoice ALTER COLUMN due_on DROP NOT NULL;
ALTER TABLE ${app_schema}.invoice DROP CONSTRAINT invoice_due_on_set;
