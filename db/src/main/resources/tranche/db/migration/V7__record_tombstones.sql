-- Deleted records are found by rows of their own: an index on record.deleted_at costs every insert a
-- quarter of its time. Every statement may run again.
--
-- Servers of the version before go on working, but their janitor finds no deleted records any more,
-- and says so in its log; and what they delete from now on has no row here. The INSERT below finds
-- it: db/RUNBOOK.md says when to run it again.
CREATE TABLE IF NOT EXISTS record_tombstone (
  deleted_at    DATETIME(6)  NOT NULL COMMENT 'UTC: record.deleted_at. Another one there, or none: the record lived again',
  collection_id BIGINT       NOT NULL COMMENT 'collection.id',
  record_id     VARCHAR(128) NOT NULL COMMENT 'record.id',
  PRIMARY KEY (deleted_at, collection_id, record_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'One row each time a record is deleted, until it is removed for good. Written by the engine';

INSERT IGNORE INTO record_tombstone (deleted_at, collection_id, record_id)
SELECT deleted_at, collection_id, id FROM record WHERE deleted_at IS NOT NULL;

ALTER TABLE record
  DROP KEY IF EXISTS record_deleted;
