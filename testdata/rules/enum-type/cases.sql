CREATE TYPE status AS ENUM ('new', 'paid'); -- want
CREATE TYPE pair AS (a int, b int);
