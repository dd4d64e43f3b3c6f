/**
 * Owns the database: transactions, the statements, and what their errors mean.
 * Never decides what an operation does, and lets no SQL, JDBC or MyBatis type out.
 * Start reading at {@link dev.tranche.server.store.Database}.
 */
@NullMarked
package dev.tranche.server.store;

import org.jspecify.annotations.NullMarked;
