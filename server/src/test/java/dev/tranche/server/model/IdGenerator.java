package dev.tranche.server.model;

import java.util.ArrayList;
import java.util.List;

/** Makes ids of records, and references to operations. */
final class IdGenerator {
    static final List<String> IDS = List.of("x", "y", "z", "a", "é");

    static final int MANY = 12;

    private final Chance chance;

    /** Of operations that leave or read a record: where they stand, and its collection. */
    private final List<Integer> makers = new ArrayList<>();

    private final List<String> made = new ArrayList<>();
    private int index;
    private int size;

    IdGenerator(Chance chance) {
        this.chance = chance;
    }

    /** What is made next is for this operation of so many. */
    void at(int operation, int operations) {
        this.index = operation;
        this.size = operations;
    }

    /** The operation leaves a record in this collection, or reads one. */
    void makes(String collection) {
        makers.add(index);
        made.add(collection);
    }

    /** An id that may live or not. */
    String any() {
        return chance.percent(80) ? chance.oneOf(IDS) : Wishes.madeId(chance.below(MANY));
    }

    /** An id that mostly lives in the collection. */
    String known(String collection) {
        if (chance.odd(4)) {
            return chance.once(4) ? reference("id") : any();
        }
        if (chance.percent(25)) {
            for (int i = made.size() - 1; i >= 0; i--) {
                if (made.get(i).equals(collection) && makers.get(i) < index) {
                    return text(makers.get(i), "id");
                }
            }
        }
        return Wishes.living(collection, chance.below(MANY));
    }

    /** A reference, mostly to an earlier operation that has a record. */
    String reference(String form) {
        List<Integer> earlier = makers.stream().filter(one -> one < index).toList();
        int target =
                earlier.isEmpty() || chance.odd(8) ? chance.below(size + 1) : chance.oneOf(earlier);
        return text(target, chance.odd(15) ? chance.oneOf(List.of("id", "etag", "name")) : form);
    }

    /** Whether a reference has something to refer to. */
    boolean canRefer() {
        return !makers.isEmpty() && makers.getFirst() < index;
    }

    private String text(int target, String form) {
        String name = chance.once(2) ? "op" + target : "ops[" + target + "]";
        return "${" + (chance.careful() ? "ops[" + target + "]" : name) + "." + form + "}";
    }
}
