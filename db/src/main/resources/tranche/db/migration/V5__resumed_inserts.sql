-- What it takes to go on with an INSERT that broke off. New columns stand at the end, where adding
-- them touches no row; their defaults say what older servers did.
ALTER TABLE batch
  ADD COLUMN IF NOT EXISTS options TEXT NULL COMMENT 'JSON: how the records of an INSERT are inserted; null = each for itself, conflicts fail',
  ADD COLUMN IF NOT EXISTS next_index INT NOT NULL DEFAULT 0 COMMENT 'First index that the first attempt of an INSERT has not come to',
  ADD COLUMN IF NOT EXISTS sealed BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'Whether the first attempt of an INSERT came to its end';
