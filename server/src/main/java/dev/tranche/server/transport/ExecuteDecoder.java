package dev.tranche.server.transport;

import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.execute.ResultView;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.ExecuteBatchRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an {@code ExecuteBatch}: all of it, so that everything wrong is said at once. */
final class ExecuteDecoder {
    private final ExecuteBatchRequest message;
    private final Violations violations = new Violations();
    private final Map<String, Integer> aliases = new HashMap<>();
    private final Set<String> groups = new HashSet<>();
    private String lastGroup = "";

    private ExecuteDecoder(ExecuteBatchRequest message) {
        this.message = message;
    }

    /**
     * Reads it.
     *
     * @throws CallFailure INVALID_REQUEST if anything in it is malformed
     */
    static ExecuteRequest decode(ExecuteBatchRequest message) {
        return new ExecuteDecoder(message).decode();
    }

    private ExecuteRequest decode() {
        violations.check("workspace", Identifiers.name(message.getWorkspace()));
        String requestId = message.getRequestId().isEmpty() ? null : message.getRequestId();
        if (requestId != null) {
            violations.check("request_id", Identifiers.requestId(requestId));
        }
        OnError onError = onError();
        Formats.check(message.getDataFormat(), message.getDataFormatValue(), violations);
        ResultView view = view();
        Map<String, String> labels = LabelDecoder.decode(message.getLabelsMap(), violations);
        List<Step> steps = steps();
        violations.refuse();
        return new ExecuteRequest(
                message.getWorkspace(),
                steps,
                onError,
                requestId,
                view,
                message.getValidateOnly(),
                labels);
    }

    private ResultView view() {
        return switch (message.getResultView()) {
            case RESULT_VIEW_UNSPECIFIED, RESULT_VIEW_BASIC -> ResultView.BASIC;
            case RESULT_VIEW_FULL -> ResultView.FULL;
            case UNRECOGNIZED -> {
                violations.add(
                        "result_view", "unknown value " + message.getResultViewValue() + " given");
                yield ResultView.BASIC;
            }
        };
    }

    private OnError onError() {
        return switch (message.getOnError()) {
            case ON_ERROR_UNSPECIFIED, ON_ERROR_ROLLBACK -> OnError.ROLLBACK;
            case ON_ERROR_CONTINUE -> OnError.CONTINUE;
            case ON_ERROR_STOP -> OnError.STOP;
            case UNRECOGNIZED -> {
                violations.add("on_error", "unknown value " + message.getOnErrorValue() + " given");
                yield OnError.ROLLBACK;
            }
        };
    }

    private List<Step> steps() {
        if (message.getOperationsCount() == 0) {
            violations.add("operations", "none given, at least 1 allowed");
        }
        List<Step> steps = new ArrayList<>(message.getOperationsCount());
        for (int index = 0; index < message.getOperationsCount(); index++) {
            dev.tranche.v1.Operation operation = message.getOperations(index);
            String path = "operations[" + index + "]";
            String alias = alias(operation.getAlias(), index, path);
            String group = group(operation.getAtomicGroup(), path);
            Operation decoded = OperationDecoder.decode(operation, path, violations);
            if (decoded != null) {
                steps.add(new Step(path + "." + decoded.name(), alias, group, decoded));
            }
        }
        return steps;
    }

    private @Nullable String group(String group, String path) {
        String before = lastGroup;
        lastGroup = group;
        if (group.isEmpty()) {
            return null;
        }
        violations.check(path + ".atomic_group", Identifiers.alias(group));
        if (message.getOnError() != dev.tranche.v1.OnError.ON_ERROR_CONTINUE) {
            violations.add(
                    path + ".atomic_group", "given, but allowed with ON_ERROR_CONTINUE only");
        }
        if (!groups.add(group) && !group.equals(before)) {
            violations.add(
                    path + ".atomic_group",
                    "\"" + group + "\" given, but operations before it are of another group");
        }
        return group;
    }

    private @Nullable String alias(String alias, int index, String path) {
        if (alias.isEmpty()) {
            return null;
        }
        violations.check(path + ".alias", Identifiers.alias(alias));
        Integer first = aliases.putIfAbsent(alias, index);
        if (first != null) {
            violations.add(
                    path + ".alias", "the alias of operations[" + first + "] given once more");
        }
        return alias;
    }
}
