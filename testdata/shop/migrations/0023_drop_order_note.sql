-- Notes moved to the help desk in spring.

ALTER TABLE orders DROP COLUMN note;
