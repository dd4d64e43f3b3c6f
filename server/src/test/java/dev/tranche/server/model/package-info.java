/**
 * Owns the reference model: what a batch must do, said as plainly as possible, and generated
 * batches that hold the server against it. Never uses a class of the rooms it judges: it knows the
 * server by gRPC and by its tables only. Start reading at {@link
 * dev.tranche.server.model.ReferenceModel}.
 */
@NullMarked
package dev.tranche.server.model;

import org.jspecify.annotations.NullMarked;
