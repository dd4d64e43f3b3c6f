package dev.tranche.server.schema;

/**
 * One thing that is wrong with what a caller gave.
 *
 * @param path where. In this room an RFC 6901 pointer relative to the data or schema looked at, ""
 *     for the whole of it; cut to 1,000 characters and "…" if the names in it are longer. Callers
 *     put the path of that data or schema in front
 * @param description what was given and what is allowed, one line; echoes at most 40 characters of
 *     any one text from the caller
 */
public record Violation(String path, String description) {}
