/**
 * Owns the way in and out: gRPC services, the translation between messages and the domain, statuses.
 * Never decides what a request means, and never knows that there is a database.
 * Start reading at {@link dev.tranche.server.transport.GrpcServer}.
 */
@NullMarked
package dev.tranche.server.transport;

import org.jspecify.annotations.NullMarked;
