package dev.tranche.server.model;

import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UpsertRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Contradictions for which a request is refused before anything is done. */
final class Malformed {
    private Malformed() {}

    static boolean is(ExecuteBatchRequest request) {
        List<Operation> operations = request.getOperationsList();
        return operations.isEmpty()
                || namesTwice(operations)
                || tearsGroups(operations)
                || groupsOutsideContinue(request)
                || operations.stream().anyMatch(Malformed::contradictsItself);
    }

    private static boolean namesTwice(List<Operation> operations) {
        Set<String> aliases = new HashSet<>();
        return operations.stream()
                .map(Operation::getAlias)
                .filter(alias -> !alias.isEmpty())
                .anyMatch(alias -> !aliases.add(alias));
    }

    private static boolean tearsGroups(List<Operation> operations) {
        Set<String> ended = new HashSet<>();
        String current = "";
        for (Operation operation : operations) {
            String group = operation.getAtomicGroup();
            if (!group.equals(current)) {
                ended.add(current);
                current = group;
            }
            if (!group.isEmpty() && ended.contains(group)) {
                return true;
            }
        }
        return false;
    }

    private static boolean groupsOutsideContinue(ExecuteBatchRequest request) {
        return request.getOnError() != OnError.ON_ERROR_CONTINUE
                && request.getOperationsList().stream()
                        .anyMatch(one -> !one.getAtomicGroup().isEmpty());
    }

    private static boolean contradictsItself(Operation operation) {
        if (!operation.hasUpsertRecord()) {
            return false;
        }
        UpsertRecord upsert = operation.getUpsertRecord();
        String none = upsert.getIfNoneMatch();
        return (!upsert.getByConstraint().isEmpty() && !upsert.getId().isEmpty())
                || (!none.isEmpty() && !none.equals("*"))
                || (!none.isEmpty() && !upsert.getIfMatch().isEmpty());
    }
}
