ALTER TYPE status ADD VALUE 'packed'; -- want
ALTER TYPE status ADD VALUE 'lost' AFTER 'packed';
ALTER TYPE status RENAME VALUE 'lost' TO 'gone';
