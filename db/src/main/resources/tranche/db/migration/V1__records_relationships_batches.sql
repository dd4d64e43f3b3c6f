-- Every statement of a migration may run again: a migration that broke half-way is repeated whole.
--
-- Text is utf8mb4_nopad_bin everywhere: `a`, `A` and `a ` are three ids, and no comparison has to
-- convert a character set. Times are UTC, as written by callers whose session runs in UTC.
-- There are no foreign keys: each would lock the parent's row on every write of a child.
--
-- InnoDB takes keys of up to 3,072 bytes. The longest here is relationship_by_target, 1,292 bytes
-- (4 bytes a character): 8 + 512 + 252 + 8 + 512.
--
-- Error 1062 names a key only in its text: names of keys begin with their table's, and the server
-- knows them.

CREATE TABLE IF NOT EXISTS workspace (
  id         BIGINT       NOT NULL COMMENT 'Surrogate id, random, from 1; never used again',
  name       VARCHAR(63)  NOT NULL COMMENT 'What callers call it',
  created_at DATETIME(6)  NOT NULL COMMENT 'UTC',
  created_by VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  PRIMARY KEY (id),
  CONSTRAINT workspace_name UNIQUE (name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Tenants. Written by the room store for CreateWorkspace';

CREATE TABLE IF NOT EXISTS collection (
  id              BIGINT       NOT NULL COMMENT 'Surrogate id, random, from 1; never used again',
  workspace_id    BIGINT       NOT NULL COMMENT 'workspace.id',
  name            VARCHAR(128) NOT NULL COMMENT 'What callers call it: 1 to 128 bytes',
  definition      LONGTEXT     NOT NULL COMMENT 'JSON: schema and unique constraints as given',
  definition_hash BINARY(32)   NOT NULL COMMENT 'SHA-256 of definition; equal bytes, equal text',
  version         BIGINT       NOT NULL COMMENT 'From 1, one more with every change',
  constraint_last SMALLINT     NOT NULL COMMENT 'Highest constraint number ever given; 0 = none yet',
  created_at      DATETIME(6)  NOT NULL COMMENT 'UTC',
  created_by      VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  updated_at      DATETIME(6)  NOT NULL COMMENT 'UTC',
  updated_by      VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  deleted_at      DATETIME(6)  NULL     COMMENT 'UTC; null while it lives. Its records go with it',
  live_name       VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
                  AS (IF(deleted_at IS NULL, name, NULL)) STORED
                  COMMENT 'Computed: name while it lives, so that a deleted name is free again',
  PRIMARY KEY (id),
  CONSTRAINT collection_live_name UNIQUE (workspace_id, live_name),
  CONSTRAINT collection_definition_json CHECK (JSON_VALID(definition))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Collections and their definitions. Written by the engine for collection operations';

CREATE TABLE IF NOT EXISTS collection_constraint (
  collection_id BIGINT      NOT NULL COMMENT 'collection.id',
  number        SMALLINT    NOT NULL COMMENT 'From 1; never used again, a changed one gets a new one',
  name          VARCHAR(63) NOT NULL COMMENT 'What callers call it',
  fields        LONGTEXT    NOT NULL COMMENT 'JSON: array of 1 to 8 field paths, in key order',
  retired_at    DATETIME(6) NULL     COMMENT 'UTC; null while it is in force',
  PRIMARY KEY (collection_id, number),
  CONSTRAINT collection_constraint_fields_json CHECK (JSON_VALID(fields))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Unique constraints of collections. Written by the engine for collection operations';

CREATE TABLE IF NOT EXISTS record (
  collection_id       BIGINT         NOT NULL COMMENT 'collection.id',
  id                  VARCHAR(128)   NOT NULL COMMENT '1 to 128 bytes of the caller, or a UUIDv7',
  data                LONGTEXT       NOT NULL COMMENT 'JSON object, text as given, up to 1 MiB',
  version             BIGINT         NOT NULL COMMENT 'From 1, one more with every change; goes on over deletion',
  life                BIGINT         NOT NULL COMMENT 'Random, drawn when the id is created; part of the etag',
  key_hashes          VARBINARY(288) NOT NULL COMMENT 'Its record_key rows: up to 16 of number (2 bytes, big-endian) and hash (16)',
  constraints_ignored BOOLEAN        NOT NULL COMMENT '1 = went in past its unique constraints; it may have fewer keys',
  created_at          DATETIME(6)    NOT NULL COMMENT 'UTC',
  created_by          VARCHAR(255)   NOT NULL COMMENT 'Id of the actor',
  updated_at          DATETIME(6)    NOT NULL COMMENT 'UTC',
  updated_by          VARCHAR(255)   NOT NULL COMMENT 'Id of the actor',
  deleted_at          DATETIME(6)    NULL     COMMENT 'UTC; null while it lives. A deleted one has no record_key rows',
  PRIMARY KEY (collection_id, id),
  CONSTRAINT record_data_json CHECK (JSON_VALID(data))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Records, soft-deleted ones too. Written by the engine';

CREATE TABLE IF NOT EXISTS record_key (
  collection_id BIGINT       NOT NULL COMMENT 'collection.id',
  constraint_no SMALLINT     NOT NULL COMMENT 'collection_constraint.number',
  key_hash      BINARY(16)   NOT NULL COMMENT 'First 16 bytes of SHA-256 over the canonical values of its fields',
  record_id     VARCHAR(128) NOT NULL COMMENT 'record.id: who holds the key',
  PRIMARY KEY (collection_id, constraint_no, key_hash)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'One row a live record and unique constraint: this primary key is the uniqueness. Written by the engine';

CREATE TABLE IF NOT EXISTS relationship (
  source_collection_id BIGINT       NOT NULL COMMENT 'collection.id of the end it starts from',
  source_id            VARCHAR(128) NOT NULL COMMENT 'record.id of the end it starts from',
  type                 VARCHAR(63)  NOT NULL COMMENT 'What it means, a name of the caller',
  target_collection_id BIGINT       NOT NULL COMMENT 'collection.id of the end it points at',
  target_id            VARCHAR(128) NOT NULL COMMENT 'record.id of the end it points at',
  data                 LONGTEXT     NULL     COMMENT 'JSON object, text as given; null = none',
  version              BIGINT       NOT NULL COMMENT 'From 1, one more with every change',
  created_at           DATETIME(6)  NOT NULL COMMENT 'UTC',
  created_by           VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  updated_at           DATETIME(6)  NOT NULL COMMENT 'UTC',
  updated_by           VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  PRIMARY KEY (source_collection_id, source_id, type, target_collection_id, target_id),
  KEY relationship_by_target (target_collection_id, target_id, type, source_collection_id, source_id),
  CONSTRAINT relationship_data_json CHECK (JSON_VALID(data))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Typed links between live records of one workspace; deleted for good. Written by the engine';

CREATE TABLE IF NOT EXISTS batch (
  id              VARCHAR(36)  NOT NULL COMMENT 'UUIDv7',
  workspace_id    BIGINT       NOT NULL COMMENT 'workspace.id',
  kind            VARCHAR(16)  NOT NULL COMMENT 'EXECUTE or INSERT',
  request_id      VARCHAR(64)  NULL     COMMENT 'Idempotency key of the caller; null = none',
  content_hash    BINARY(32)   NULL     COMMENT 'SHA-256 of the canonical content; null without request_id',
  run             INT          NOT NULL COMMENT 'How many times its request id was run, from 1',
  state           VARCHAR(24)  NOT NULL COMMENT 'RUNNING, SUCCEEDED, PARTIALLY_SUCCEEDED, FAILED or INTERRUPTED; RUNNING past lease_until reads as INTERRUPTED',
  attempt         INT          NOT NULL COMMENT 'How many times its records were tried, from 1',
  lease_epoch     INT          NOT NULL COMMENT 'Raised whenever another server or call takes the batch over; fences off who had it',
  lease_until     DATETIME(6)  NULL     COMMENT 'UTC by the clock of the database; null = nobody works on it',
  total           INT          NOT NULL COMMENT 'Items of the call',
  succeeded       INT          NOT NULL COMMENT 'Items that are in force, unchanged and read ones too',
  failed          INT          NOT NULL COMMENT 'Items that failed',
  skipped         INT          NOT NULL COMMENT 'Items skipped as asked',
  collection      VARCHAR(128) NULL     COMMENT 'Name of the collection of an INSERT, else null',
  on_error        VARCHAR(16)  NULL     COMMENT 'ROLLBACK or CONTINUE of an EXECUTE, else null',
  failure         LONGTEXT     NULL     COMMENT 'JSON: why it failed as a whole; null if it did not',
  created_at      DATETIME(6)  NOT NULL COMMENT 'UTC',
  started_at      DATETIME(6)  NOT NULL COMMENT 'UTC',
  updated_at      DATETIME(6)  NOT NULL COMMENT 'UTC',
  completed_at    DATETIME(6)  NULL     COMMENT 'UTC; null while it runs',
  created_by      VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  created_by_name VARCHAR(255) NOT NULL COMMENT 'Name of the actor',
  updated_by      VARCHAR(255) NOT NULL COMMENT 'Id of the actor',
  updated_by_name VARCHAR(255) NOT NULL COMMENT 'Name of the actor',
  PRIMARY KEY (id),
  CONSTRAINT batch_request UNIQUE (workspace_id, request_id),
  KEY batch_created (workspace_id, created_at, id),
  CONSTRAINT batch_failure_json CHECK (JSON_VALID(failure))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'The durable account of each submission. Written by the room batch';

CREATE TABLE IF NOT EXISTS batch_result (
  batch_id    VARCHAR(36) NOT NULL COMMENT 'batch.id',
  attempt     INT         NOT NULL COMMENT 'batch.attempt that gave these results',
  first_index INT         NOT NULL COMMENT 'First index of the chunk, from 0',
  last_index  INT         NOT NULL COMMENT 'Last index of the chunk, inclusive',
  results     LONGBLOB    NOT NULL COMMENT 'Results packed in a versioned codec of the server, ascending by index',
  PRIMARY KEY (batch_id, attempt, first_index)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Results, one row a chunk, written in the transaction of the chunk: this primary key forbids the same chunk twice';

CREATE TABLE IF NOT EXISTS batch_failure (
  batch_id   VARCHAR(36)  NOT NULL COMMENT 'batch.id',
  item_index INT          NOT NULL COMMENT 'Index of the item in the call, from 0',
  record_id  VARCHAR(128) NULL     COMMENT 'The id it was given; null = none',
  payload    LONGTEXT     NULL     COMMENT 'The data as given, for a retry; null = not kept',
  PRIMARY KEY (batch_id, item_index)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
  COMMENT = 'Items of an INSERT that failed last time they were tried. Written by the room batch';

INSERT IGNORE INTO workspace (id, name, created_at, created_by)
VALUES (1, 'default', UTC_TIMESTAMP(6), 'tranche');
