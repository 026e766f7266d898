CREATE OR REPLACE VIEW ${app_schema}.open_invoice AS
SELECT i.id, a.email, i.total_cents, i.due_on < current_date AS overdue
FROM ${app_schema}.invoice AS i
JOIN ${app_schema}.account AS a ON a.id = i.account_id
WHERE i.state = 'open';

GRANT SELECT ON ${app_schema}.open_invoice TO ${reader_role};
