-- Stages of workspaces, and their deletion. Every statement may run again.
--
-- A server of the version before goes on working: what it inserts is in PREVIEW, and names that live
-- stay unique. But it does not know that a workspace is deleted, so delete none before the last such
-- server is gone.

ALTER TABLE workspace
  ADD COLUMN IF NOT EXISTS stage VARCHAR(16) NOT NULL DEFAULT 'PREVIEW'
      COMMENT 'PREVIEW, or PRODUCTION: batches do not change its collections' AFTER name,
  ADD COLUMN IF NOT EXISTS deleted_at DATETIME(6) NULL
      COMMENT 'UTC; null while it lives. What is in it goes with it',
  ADD COLUMN IF NOT EXISTS deleted_by VARCHAR(255) NULL
      COMMENT 'Id of the actor; null while it lives',
  ADD COLUMN IF NOT EXISTS live_name VARCHAR(63) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
      AS (IF(deleted_at IS NULL, name, NULL)) STORED
      COMMENT 'Computed: name while it lives, so that a deleted name is free again';

ALTER TABLE workspace
  ADD UNIQUE KEY IF NOT EXISTS workspace_live_name (live_name),
  DROP KEY IF EXISTS workspace_name;
