package dev.tranche.server.schema;

/**
 * Who calls.
 *
 * @param id tells one actor from all others, at most 255 characters
 * @param name for people, at most 255 characters
 */
public record Actor(String id, String name) {}
