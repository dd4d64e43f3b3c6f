-- What it takes to remove what is past its time. Every statement may run again.
--
-- Servers of the version before go on working: they fill none of the new columns, and their defaults
-- say so. But they do not know that an account is deleted, and show it. The payloads they keep have
-- no time of their own, and go with their account.
--
-- Adding columns at the end of batch touches no row, and keys are added beside running writes; but
-- batch_failure is copied, and who writes to it waits for that.
ALTER TABLE batch
  ADD COLUMN IF NOT EXISTS deleted_at DATETIME(6) NULL
      COMMENT 'UTC; null while callers see it. What is left of it keeps its request id taken',
  ADD KEY IF NOT EXISTS batch_updated (updated_at),
  ADD KEY IF NOT EXISTS batch_deleted (deleted_at);

ALTER TABLE batch_failure
  MODIFY COLUMN payload LONGTEXT COMPRESSED NULL
      COMMENT 'The data as given, for a retry; null = not kept, or not any more',
  ADD COLUMN IF NOT EXISTS payload_bytes INT NOT NULL DEFAULT 0
      COMMENT 'UTF-8 bytes of the payload, not compressed',
  ADD COLUMN IF NOT EXISTS kept_at DATETIME(6) NULL
      COMMENT 'UTC by the clock of the database: since when the payload is kept; null = there is none',
  ADD COLUMN IF NOT EXISTS expired BOOLEAN NOT NULL DEFAULT FALSE
      COMMENT '1 = there was a payload, and its time was over',
  ADD KEY IF NOT EXISTS batch_failure_kept (kept_at);

ALTER TABLE record
  ADD KEY IF NOT EXISTS record_deleted (deleted_at);

CREATE TABLE IF NOT EXISTS tranche_janitor_lease (
  id         TINYINT      NOT NULL COMMENT 'Always 1',
  holder     VARCHAR(255) NOT NULL COMMENT 'Who had it last: a random text',
  expires_at DATETIME(6)  NOT NULL COMMENT 'UTC by the clock of the database',
  PRIMARY KEY (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Which server removes what is past its time. Written by the room batch';

INSERT IGNORE INTO tranche_janitor_lease (id, holder, expires_at)
VALUES (1, '', UTC_TIMESTAMP(6));
