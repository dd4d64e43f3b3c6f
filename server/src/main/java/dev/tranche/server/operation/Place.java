package dev.tranche.server.operation;

/** What an operation would have made, had it not failed: named as the request names it. */
sealed interface Place {

    /** Whether it is this, or goes with it when it is deleted. */
    boolean hangsOn(Place other);

    record OfCollection(String name) implements Place {
        @Override
        public boolean hangsOn(Place other) {
            return equals(other);
        }
    }

    record OfRecord(String collection, String id) implements Place {
        @Override
        public boolean hangsOn(Place other) {
            return equals(other) || new OfCollection(collection).hangsOn(other);
        }
    }

    record OfLink(String type, OfRecord source, OfRecord target) implements Place {
        @Override
        public boolean hangsOn(Place other) {
            return equals(other) || source.hangsOn(other) || target.hangsOn(other);
        }
    }
}
