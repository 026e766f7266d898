CREATE TABLE notes (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id)); -- want
ALTER TABLE invoices ADD CONSTRAINT invoices_order FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID; -- want
-- Both are new.
CREATE TABLE tags (id bigint PRIMARY KEY);
CREATE TABLE note_tags (tag_id bigint REFERENCES tags (id));
-- It gives up after a while.
SET lock_timeout = '2s';
ALTER TABLE invoices ADD CONSTRAINT invoices_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
