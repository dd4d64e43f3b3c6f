package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.Stamp;
import java.util.List;

/**
 * What one transaction is to do.
 *
 * @param workspace id of the workspace all of it happens in
 * @param items in the order they run
 * @param stamp who does it, and when
 */
public record Program(long workspace, List<Item> items, Stamp stamp) {}
