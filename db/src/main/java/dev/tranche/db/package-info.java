/**
 * Owns the tables (Flyway scripts, all DDL) and the MariaDB that Tranche can start by itself.
 * Never reads or writes a row of a caller's data.
 * Start reading at {@link dev.tranche.db.Migrations}, then at {@link dev.tranche.db.EmbeddedMariaDb}.
 */
@NullMarked
package dev.tranche.db;

import org.jspecify.annotations.NullMarked;
