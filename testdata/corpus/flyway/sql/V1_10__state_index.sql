CREATE INDEX CONCURRENTLY invoice_state_idx ON ${app_schema}.invoice (state) WHERE state <> 'paid';
