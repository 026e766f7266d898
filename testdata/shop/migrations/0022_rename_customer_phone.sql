-- Same name as in the CRM.

ALTER TABLE customers RENAME COLUMN phone TO phone_number;
