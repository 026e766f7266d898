CREATE EXTENSION plpython3u; -- want
CREATE EXTENSION pgcrypto;
