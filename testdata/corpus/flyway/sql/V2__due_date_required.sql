ALTER TABLE ${app_schema}.invoice
    ADD CONSTRAINT invoice_due_on_set CHECK (due_on IS NOT NULL) NOT VALID;
UPDATE ${app_schema}.invoice SET due_on = current_date + 30 WHERE due_on IS NULL;
ALTER TABLE ${app_schema}.invoice VALIDATE CONSTRAINT invoice_due_on_set;
ALTER TABLE ${app_schema}.invoice ALTER COLUMN due_on SET NOT NULL;
