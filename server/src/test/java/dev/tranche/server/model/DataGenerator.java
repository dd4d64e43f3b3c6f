package dev.tranche.server.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the data of records and relationships, and merge patches. */
final class DataGenerator {
    private static final List<String> NUMBERS =
            List.of("0", "1", "2", "3", "4", "5", "1.0", "2e0", "30");
    private static final List<String> ODD_NUMBERS =
            List.of("1.5", "\"1\"", "null", "true", "false");
    private static final List<String> TEXTS =
            List.of("\"p\"", "\"q\"", "\"r\"", "\"p \"", "\"P\"", "\"é\"", "\"\"", "\"t\"");
    private static final List<String> ODD_TEXTS = List.of("5", "null", "true");
    private static final List<String> CONTAINERS = List.of("{\"k\":1}", "[1,2]", "[]", "{}");
    private static final List<String> FORMS =
            List.of(
                    "id",
                    "version",
                    "version",
                    "etag",
                    "data.n",
                    "data.n",
                    "data.s",
                    "data.o",
                    "data.o.q",
                    "data.r",
                    "data.m",
                    "data.m.1",
                    "data.none");

    private final Chance chance;
    private final Set<Feature> features;
    private final IdGenerator ids;

    DataGenerator(Chance chance, Set<Feature> features, IdGenerator ids) {
        this.chance = chance;
        this.features = features;
        this.ids = ids;
    }

    boolean asStruct() {
        return chance.once(3);
    }

    static Struct struct(String text) {
        Struct.Builder struct = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(text, struct);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(text, e);
        }
        return struct.build();
    }

    /** The data of a record of a collection. */
    String object(String collection) {
        Map<String, String> members = new LinkedHashMap<>();
        if (chance.percent(85)) {
            members.put("n", number());
        }
        if (chance.percent(70)) {
            members.put("s", text());
        }
        if (chance.percent(50)) {
            members.put("o", nested(collection));
        }
        addPointer(members, collection, "r", "r");
        addAnything(members);
        return joined(chance, members);
    }

    /** Data in which no field is missing. */
    String whole(String collection) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("n", number());
        members.put("s", text());
        members.put("o", "{\"q\":" + number() + "}");
        addPointer(members, collection, "r", "r");
        return joined(chance, members);
    }

    /** A merge patch, or the data of a relationship: few members, some to be removed. */
    String patch(String collection) {
        Map<String, String> members = new LinkedHashMap<>();
        switch (chance.below(7)) {
            case 0 -> members.put("n", number());
            case 1 -> members.put("s", text());
            case 2 -> members.put("o", nested(collection));
            case 3 ->
                    members.put(
                            chance.oneOf(List.of("n", "s", "o", "r", "m", "m", "none")), "null");
            case 4, 5 -> addPointer(members, collection, "r", "r");
            default -> {}
        }
        addAnything(members);
        return joined(chance, members);
    }

    static String joined(Chance chance, Map<String, String> members) {
        List<String> shuffled = new ArrayList<>();
        members.forEach((name, value) -> shuffled.add("\"" + name + "\":" + value));
        Collections.shuffle(shuffled, chance.random());
        return "{" + String.join(chance.once(6) ? " , " : ",", shuffled) + "}";
    }

    private String number() {
        if (chance.odd(15)) {
            return chance.oneOf(CONTAINERS);
        }
        return chance.oneOf(chance.odd(6) ? ODD_NUMBERS : NUMBERS);
    }

    private String text() {
        if (chance.odd(15)) {
            return chance.oneOf(CONTAINERS);
        }
        return chance.oneOf(chance.odd(6) ? ODD_TEXTS : TEXTS);
    }

    private String nested(String collection) {
        if (chance.odd(12)) {
            return number();
        }
        Map<String, String> members = new LinkedHashMap<>();
        if (chance.percent(70)) {
            members.put("q", number());
        }
        addPointer(members, collection, "o.t", "t");
        return joined(chance, members);
    }

    /** What a reference of the collection can be in: mostly the id of a record that it points at. */
    private void addPointer(
            Map<String, String> members, String collection, String path, String name) {
        if (chance.percent(55)) {
            members.put(name, "\"" + Wishes.target(collection, path, chance.below(6)) + "\"");
        } else if (chance.odd(6)) {
            members.put(name, text());
        } else if (chance.odd(6)) {
            members.put(name, "\"" + ids.any() + "\"");
        } else if (chance.once(6) && ids.canRefer()) {
            members.put(name, "\"" + ids.reference("id") + "\"");
        }
    }

    /** Something without rules: references to values, what looks like one, lists. */
    private void addAnything(Map<String, String> members) {
        int choice = chance.below(30);
        if (choice == 0) {
            members.put("m", "\"$${ops[0].id}\"");
        } else if (choice == 1 && ids.canRefer()) {
            members.put("m", "[\"" + ids.reference("id") + "\",{\"k\":\"${text\"}]");
        } else if (choice == 2) {
            members.put("m", "\"at ${ops[0].id}\"");
        } else if (choice < 10
                && (ids.canRefer() || chance.odd(6))
                && features.contains(Feature.VALUES)) {
            String form = chance.oneOf(FORMS);
            String member = chance.careful() ? "m" : chance.oneOf(List.of("m", "n", "s", "o"));
            members.put(member, "\"" + ids.reference(form) + "\"");
        }
    }
}
