package dev.tranche.server.model;

import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Document;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the operations of a batch went so far, and what references to them stand for. */
final class Course {
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "\\$\\{(?:ops\\[([0-9]{1,9})]|([a-z][a-z0-9_]*))"
                            + "\\.(id|version|etag|data\\.(.+))}");

    private final List<Operation> operations;
    private final List<Past> past = new ArrayList<>();

    /**
     * An operation that was tried.
     *
     * @param about id of the record it was about, as far as that came out
     * @param data what it left or read
     */
    record Past(Result result, @Nullable String about, @Nullable Document data) {}

    /** A data with its references replaced, and whether there were any. */
    private record Replaced(Object value, boolean changed) {}

    Course(List<Operation> operations) {
        this.operations = operations;
    }

    int position() {
        return past.size();
    }

    void add(Past one) {
        past.add(one);
    }

    Past get(int index) {
        return past.get(index);
    }

    List<Result> results() {
        return past.stream().map(Past::result).toList();
    }

    /** These had succeeded, and were rolled back with their group. */
    void rollBack(int from) {
        for (int i = from; i < past.size(); i++) {
            Past one = past.get(i);
            if (one.result().succeeded()) {
                Result undone = Result.without(dev.tranche.v1.Outcome.OUTCOME_ROLLED_BACK);
                past.set(i, new Past(undone, one.about(), one.data()));
            }
        }
    }

    /** What a field stands for in which only one form is allowed. */
    String field(String text, String form, String path) {
        return isReference(text) ? (String) valueOf(text, form, path) : text;
    }

    /** As {@link #field}, for an id, and operations that failed will do; null if it stands for
     * none. */
    @Nullable String quietly(String text) {
        if (!isReference(text)) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.matches() || !matcher.group(3).equals("id")) {
            return null;
        }
        int index = target(matcher);
        return index < 0 || index >= past.size() ? null : past.get(index).about();
    }

    /** The data with what its references stand for. */
    Document resolved(Document data, String path) {
        Replaced replaced = replaced(data.value(), path);
        @SuppressWarnings("unchecked") // an object stays one
        Map<String, Object> value = (Map<String, Object>) replaced.value();
        return replaced.changed() ? new Document(value, null) : data;
    }

    private Replaced replaced(Object value, String path) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> object = new LinkedHashMap<>();
                boolean changed = false;
                for (Map.Entry<?, ?> one : map.entrySet()) {
                    Replaced inner = replaced(one.getValue(), path + "/" + one.getKey());
                    object.put((String) one.getKey(), inner.value());
                    changed |= inner.changed();
                }
                yield new Replaced(object, changed);
            }
            case List<?> list -> {
                List<Object> array = new ArrayList<>();
                boolean changed = false;
                for (Object one : list) {
                    Replaced inner = replaced(one, path + "/" + array.size());
                    array.add(inner.value());
                    changed |= inner.changed();
                }
                yield new Replaced(array, changed);
            }
            case String text when isReference(text) ->
                    new Replaced(valueOf(text, null, path), true);
            case String text when text.startsWith("$${") && text.endsWith("}") ->
                    new Replaced(text.substring(1), true);
            default -> new Replaced(value, false);
        };
    }

    private static boolean isReference(String text) {
        return text.startsWith("${") && text.endsWith("}");
    }

    private Object valueOf(String text, @Nullable String form, String path) {
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.matches() || (form != null && !form.equals(matcher.group(3)))) {
            throw unresolved(path);
        }
        int index = target(matcher);
        if (index < 0 || index >= past.size()) {
            throw unresolved(path);
        }
        Past one = past.get(index);
        if (!one.result().succeeded()) {
            throw new Refused(
                    new Problem(
                            ErrorReason.ERROR_REASON_DEPENDENCY_FAILED,
                            index,
                            null,
                            "",
                            Set.of(path)));
        }
        Object value = part(one, matcher.group(3), matcher.group(4));
        if (value == null) {
            throw unresolved(path);
        }
        return value;
    }

    private static @Nullable Object part(Past one, String what, @Nullable String dataPath) {
        Result result = one.result();
        if (dataPath != null) {
            return one.data() == null ? null : Values.find(one.data().value(), dataPath);
        }
        return switch (what) {
            case "id" -> result.recordId().isEmpty() ? null : result.recordId();
            case "etag" -> result.etag().isEmpty() ? null : result.etag();
            default -> result.version() == 0 ? null : Values.number(result.version());
        };
    }

    private int target(Matcher matcher) {
        String index = matcher.group(1);
        if (index != null) {
            return Integer.parseInt(index);
        }
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).getAlias().equals(matcher.group(2))) {
                return i;
            }
        }
        return -1;
    }

    private static Refused unresolved(String path) {
        return new Refused(Problem.at(ErrorReason.ERROR_REASON_UNRESOLVED_REFERENCE, path));
    }
}
