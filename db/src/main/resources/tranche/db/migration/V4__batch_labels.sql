-- What callers find their batches by. At most 32, keys of up to 63 and values of up to 255 bytes:
-- 21 KB as JSON text. The column stands at the end, where adding it touches no row; a check that it
-- is JSON would copy the table.
ALTER TABLE batch
  ADD COLUMN IF NOT EXISTS labels TEXT NULL COMMENT 'JSON: an object of texts; null = none';

ALTER TABLE batch
  MODIFY COLUMN on_error VARCHAR(16) NULL COMMENT 'ROLLBACK, CONTINUE or STOP of an EXECUTE, else null';
