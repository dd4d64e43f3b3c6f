-- References between collections: who points at whom.

CREATE TABLE IF NOT EXISTS collection_reference (
  collection_id BIGINT       NOT NULL COMMENT 'collection.id of the collection that points',
  number        SMALLINT     NOT NULL COMMENT 'From 1; never used again, also not in collection_constraint',
  field         VARCHAR(255) NOT NULL COMMENT 'Path of the field that holds the id pointed at',
  target_id     BIGINT       NOT NULL COMMENT 'collection.id of the collection pointed at',
  retired_at    DATETIME(6)  NULL     COMMENT 'UTC; null while it is in force',
  PRIMARY KEY (collection_id, number),
  KEY collection_reference_by_target (target_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'References of collections. Written by the engine for collection operations';

CREATE TABLE IF NOT EXISTS record_reference (
  collection_id        BIGINT       NOT NULL COMMENT 'collection.id of the record that points',
  record_id            VARCHAR(128) NOT NULL COMMENT 'record.id of the record that points',
  number               SMALLINT     NOT NULL COMMENT 'collection_reference.number',
  target_collection_id BIGINT       NOT NULL COMMENT 'collection.id of the record pointed at',
  target_id            VARCHAR(128) NOT NULL COMMENT 'record.id of the record pointed at',
  PRIMARY KEY (collection_id, record_id, number),
  KEY record_reference_by_target (target_collection_id, collection_id, number, target_id, record_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'One row a live record and reference that points at something. Written by the engine';
