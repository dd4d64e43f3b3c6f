package dev.tranche.server.schema;

/**
 * A reference as a caller defines it.
 *
 * @param field path of the field that holds the id of the record pointed at
 * @param collection name of the collection pointed at
 */
public record ReferenceDefinition(String field, String collection, OnDelete onDelete) {}
