/**
 * Owns what data is: identifiers, the JSON value, collections, their constraints and schemas.
 * Never knows what an operation does to data, or how data is stored or sent.
 * Start reading at {@link dev.tranche.server.schema.Json}.
 */
@NullMarked
package dev.tranche.server.schema;

import org.jspecify.annotations.NullMarked;
