TRUNCATE orders; -- want
CREATE TABLE fresh (a int);
TRUNCATE fresh;
