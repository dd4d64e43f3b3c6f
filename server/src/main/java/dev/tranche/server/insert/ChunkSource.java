package dev.tranche.server.insert;

/** Where the records of an attempt come from, chunk by chunk. */
interface ChunkSource {

    /** The next chunk; its last one says so. Called only until then. */
    Chunk next();
}
