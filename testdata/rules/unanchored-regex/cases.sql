CREATE TABLE logs (id int, line text, code text);
CREATE INDEX logs_line ON logs USING gin (line gin_trgm_ops);
SELECT id FROM logs WHERE code ~ 'error [0-9]+'; -- want
SELECT id FROM logs WHERE code ~* 'error'; -- want
SELECT id FROM logs WHERE line ~ 'error [0-9]+';
SELECT id FROM logs WHERE code ~ '^error';
SELECT id FROM logs WHERE code !~ 'error';
