package dev.tranche.server.transport;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.tranche.server.execute.ExecuteReply;
import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.execute.Promotion;
import dev.tranche.server.execute.PromotionRequest;
import dev.tranche.server.execute.ResultView;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Resource.OfCollection;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CollectionPromotion;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.DeleteCollectionRequest;
import dev.tranche.v1.PromoteCollectionsRequest;
import dev.tranche.v1.PromoteCollectionsResponse;
import dev.tranche.v1.UpsertCollectionRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers the calls that change collections. */
record CollectionCalls(UseCases useCases, ServerLimits limits) {

    void upsert(UpsertCollectionRequest request, Replies<Collection> replies) {
        limits.batches().requireEnabled();
        DataFormat format = request.getDataFormat();
        ExecuteReply reply =
                execute(decode(request), replies, done -> requireFits(collection(done, format)));
        replies.send(collection(reply, format));
    }

    void delete(DeleteCollectionRequest request, Replies<Empty> replies) {
        limits.batches().requireEnabled();
        execute(decode(request), replies, done -> {});
        replies.send(Empty.getDefaultInstance());
    }

    void promote(PromoteCollectionsRequest request, Replies<PromoteCollectionsResponse> replies) {
        PromotionRequest decoded = decode(request);
        List<Promotion> promotions =
                useCases.promotions()
                        .promote(
                                decoded,
                                replies.call(),
                                done -> requireFits(response(done, request)));
        replies.send(response(promotions, request));
    }

    private ExecuteReply execute(
            ExecuteRequest request, Replies<?> replies, Consumer<ExecuteReply> fits) {
        try {
            ExecuteReply reply = useCases.execute().execute(request, replies.call(), fits);
            if (reply.batch() != null) {
                replies.batch(reply.batch().id());
            }
            return reply;
        } catch (CallFailure failure) {
            throw ofOne(failure);
        }
    }

    /** The caller knows of no list of operations. */
    private static CallFailure ofOne(CallFailure failure) {
        if (!(failure.failure() instanceof Failure.RolledBack all)) {
            return failure;
        }
        Failure one = new Failure.RolledBack(all.errors(), all.begun(), "");
        CallFailure said = new CallFailure(one, failure);
        return failure.batchId() == null ? said : said.of(failure.batchId());
    }

    private static ExecuteRequest decode(UpsertCollectionRequest request) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        if (!request.hasUpsertCollection()) {
            violations.add("upsert_collection", "none given, one allowed");
        }
        @Nullable Operation operation =
                OperationDecoder.decode(
                        dev.tranche.v1.Operation.newBuilder()
                                .setUpsertCollection(request.getUpsertCollection())
                                .build(),
                        "",
                        violations);
        violations.refuse();
        return single(
                request.getWorkspace(),
                "upsert_collection",
                Objects.requireNonNull(operation, "null only if no type is set"));
    }

    private static ExecuteRequest decode(DeleteCollectionRequest request) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        violations.check("collection", Identifiers.collectionName(request.getCollection()));
        violations.refuse();
        Operation operation =
                new Operation.DeleteCollection(request.getCollection(), request.getAllowMissing());
        return single(request.getWorkspace(), "", operation);
    }

    private static ExecuteRequest single(String workspace, String path, Operation operation) {
        return new ExecuteRequest(
                workspace,
                List.of(new Step(path, null, null, operation)),
                OnError.ROLLBACK,
                null,
                ResultView.FULL,
                false,
                Map.of());
    }

    private static PromotionRequest decode(PromoteCollectionsRequest request) {
        Violations violations = new Violations();
        String source = request.getSourceWorkspace();
        String target = request.getTargetWorkspace();
        violations.check("source_workspace", Identifiers.name(source));
        violations.check("target_workspace", Identifiers.name(target));
        if (target.equals(source) && !target.isEmpty()) {
            violations.add("target_workspace", "the source given, another workspace allowed");
        }
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < request.getCollectionsCount(); i++) {
            String path = "collections[" + i + "]";
            violations.check(path, Identifiers.collectionName(request.getCollections(i)));
            Integer earlier = first.putIfAbsent(request.getCollections(i), i);
            if (earlier != null) {
                violations.add(path, "the name in collections[" + earlier + "] given once more");
            }
        }
        violations.refuse();
        return new PromotionRequest(
                source,
                target,
                List.copyOf(request.getCollectionsList()),
                request.getValidateOnly());
    }

    private static Collection collection(ExecuteReply reply, DataFormat format) {
        if (reply.results().getFirst().outcome() instanceof Applied applied
                && applied.resource() instanceof OfCollection left) {
            return Resources.collection(left, format);
        }
        throw new IllegalStateException("an upsert left no collection");
    }

    private static PromoteCollectionsResponse response(
            List<Promotion> promotions, PromoteCollectionsRequest request) {
        PromoteCollectionsResponse.Builder response = PromoteCollectionsResponse.newBuilder();
        for (Promotion one : promotions) {
            CollectionPromotion.Builder promotion =
                    CollectionPromotion.newBuilder()
                            .setCollection(one.collection())
                            .setOutcome(Outcomes.outcome(one.effect()));
            if (request.getValidateOnly()) {
                promotion.setAfter(Resources.collection(one.after(), request.getDataFormat()));
                if (one.before() != null) {
                    promotion.setBefore(
                            Resources.collection(one.before(), request.getDataFormat()));
                }
            }
            response.addPromotions(promotion);
        }
        return response.build();
    }

    private void requireFits(Message reply) {
        int bytes = reply.getSerializedSize();
        if (bytes > limits.calls().replyBytesMax()) {
            throw new CallFailure(new Failure.ReplyTooLarge(bytes, limits.calls().replyBytesMax()));
        }
    }
}
