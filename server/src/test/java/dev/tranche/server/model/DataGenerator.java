package dev.tranche.server.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Makes ids, references, data and schemas. */
final class DataGenerator {
    static final List<String> IDS = List.of("x", "y", "z");

    private static final List<String> NUMBERS =
            List.of("0", "1", "1", "2", "3", "4", "1.0", "2e0", "1.5", "\"1\"", "null", "true");
    private static final List<String> TEXTS =
            List.of("\"p\"", "\"q\"", "\"r\"", "\"p \"", "\"P\"", "\"é\"", "\"\"", "5", "null");
    private static final List<String> ODD = List.of("{\"k\":1}", "[1,2]", "[]", "{}");

    private final Random random;
    private final Set<Feature> features;
    private int index;
    private int size;

    DataGenerator(Random random, Set<Feature> features) {
        this.random = random;
        this.features = features;
    }

    /** What is made next is for this operation of so many. */
    void at(int operation, int operations) {
        this.index = operation;
        this.size = operations;
    }

    boolean asStruct() {
        return random.nextInt(3) == 0;
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

    /** The id of a record, in one of the ways to say it. */
    String id() {
        int choice = random.nextInt(20);
        if (choice < 12) {
            return oneOf(IDS);
        }
        if (choice < 15) {
            return Wishes.id(random.nextInt(12));
        }
        return index > 0 || random.nextInt(8) == 0 ? reference("id") : oneOf(IDS);
    }

    /** A reference to an operation, mostly an earlier one, mostly of this form. */
    String reference(String form) {
        boolean odd = random.nextInt(30) == 0 || index == 0;
        int target = odd ? random.nextInt(size + 1) : random.nextInt(index);
        String name = random.nextBoolean() ? "op" + target : "ops[" + target + "]";
        String what = random.nextInt(30) == 0 ? oneOf(List.of("id", "etag", "name")) : form;
        return "${" + name + "." + what + "}";
    }

    /** The data of a record. */
    String object() {
        Map<String, String> members = new LinkedHashMap<>();
        if (random.nextInt(5) > 0) {
            members.put("n", number());
        }
        if (random.nextInt(5) > 1) {
            members.put("s", text());
        }
        if (random.nextInt(5) > 1) {
            members.put("o", nested());
        }
        addPointer(members, "r");
        addAnything(members);
        return joined(members);
    }

    /** A merge patch, or the data of a relationship: few members, some to be removed. */
    String patch() {
        Map<String, String> members = new LinkedHashMap<>();
        switch (random.nextInt(6)) {
            case 0 -> members.put("n", number());
            case 1 -> members.put("s", text());
            case 2 -> members.put("o", nested());
            case 3 -> members.put(oneOf(List.of("n", "s", "o", "r", "m", "none")), "null");
            case 4 -> addPointer(members, "r");
            default -> {}
        }
        addAnything(members);
        return joined(members);
    }

    private String joined(Map<String, String> members) {
        List<String> shuffled = new ArrayList<>();
        members.forEach((name, value) -> shuffled.add("\"" + name + "\":" + value));
        Collections.shuffle(shuffled, random);
        String separator = random.nextInt(6) == 0 ? " , " : ",";
        return "{" + String.join(separator, shuffled) + "}";
    }

    private String number() {
        return random.nextInt(12) == 0 ? oneOf(ODD) : oneOf(NUMBERS);
    }

    private String text() {
        return random.nextInt(20) == 0 ? oneOf(ODD) : oneOf(TEXTS);
    }

    private String nested() {
        if (random.nextInt(12) == 0) {
            return number();
        }
        Map<String, String> members = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
            members.put("q", number());
        }
        addPointer(members, "t");
        return joined(members);
    }

    private void addPointer(Map<String, String> members, String name) {
        int choice = random.nextInt(20);
        if (choice < 8) {
            members.put(name, "\"" + oneOf(IDS) + "\"");
        } else if (choice == 8) {
            members.put(name, oneOf(TEXTS));
        } else if (choice == 9) {
            members.put(name, "\"" + Wishes.id(random.nextInt(12)) + "\"");
        } else if (choice == 10) {
            members.put(name, "\"" + reference("id") + "\"");
        }
    }

    /** Something without rules: references to values, what looks like one, lists. */
    private void addAnything(Map<String, String> members) {
        int choice = random.nextInt(30);
        if (choice == 0) {
            members.put("m", "\"$${ops[0].id}\"");
        } else if (choice == 1) {
            members.put("m", "[\"" + reference("id") + "\",{\"" + "k\":\"${text\"}]");
        } else if (choice == 2) {
            members.put("m", "\"at ${ops[0].id}\"");
        } else if (choice < 9 && features.contains(Feature.VALUES)) {
            String form =
                    oneOf(
                            List.of(
                                    "id",
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
                                    "data.none"));
            members.put(oneOf(List.of("m", "n", "s")), "\"" + reference(form) + "\"");
        }
    }

    /** The schema of a collection; empty for none. */
    String schema() {
        if (random.nextInt(50) == 0) {
            return "{\"type\":\"nonsense\"}";
        }
        if (random.nextInt(5) < 2) {
            return "";
        }
        Map<String, String> properties = new LinkedHashMap<>();
        if (random.nextInt(3) == 0) {
            properties.put("n", "{\"type\":\"integer\"}");
        }
        if (random.nextInt(3) == 0) {
            properties.put("s", "{\"type\":\"string\"}");
        }
        if (random.nextInt(3) == 0) {
            properties.put("o", "{\"type\":\"object\"}");
        }
        Map<String, String> members = new LinkedHashMap<>();
        members.put("type", "\"object\"");
        members.put("properties", joined(properties));
        if (random.nextInt(4) == 0) {
            members.put("required", "[\"" + oneOf(List.of("n", "s")) + "\"]");
        }
        return joined(members);
    }

    private String oneOf(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
