package dev.tranche.server.engine;

import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Snapshot;

/**
 * What the first pass over a program comes to, found out before its transaction began. It holds if
 * the transaction begins with the very rows that were foreseen, for a pass depends on nothing else.
 *
 * @param rows that the transaction is to begin with
 */
public record Foresight(Program program, Snapshot rows, Pass pass) {}
