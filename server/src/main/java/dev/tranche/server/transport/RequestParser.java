package dev.tranche.server.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of bytes.
 *
 * @param type name of the message
 * @param workspace the name of the workspace that a request is about, as given; null if it is about
 *     none
 */
record RequestParser<Q>(String type, Reading<Q> reading, Function<Q, @Nullable String> workspace) {
    /**
     * Messages inside each other. Data has 30 levels, each of 3 messages; somewhat more is read, so
     * that the error can name the place, and ten thousand levels don't overflow the stack.
     */
    static final int NESTING_MAX = 200;

    /** Reads one message to its end. */
    interface Reading<Q> {
        Q from(CodedInputStream input) throws IOException;
    }

    /** Makes messages like this one. */
    // The parser of a message's own class makes messages of that class.
    @SuppressWarnings("unchecked")
    static <M extends Message> RequestParser<M> of(M prototype) {
        FieldDescriptor workspace = workspaceField(prototype);
        return new RequestParser<>(
                prototype.getDescriptorForType().getName(),
                input -> (M) prototype.getParserForType().parseFrom(input),
                message -> workspace == null ? null : (String) message.getField(workspace));
    }

    /** Of two workspaces the one that changes. */
    private static @Nullable FieldDescriptor workspaceField(Message prototype) {
        Descriptor type = prototype.getDescriptorForType();
        FieldDescriptor workspace = type.findFieldByName("workspace");
        return workspace == null ? type.findFieldByName("target_workspace") : workspace;
    }

    /**
     * Reads a request.
     *
     * @param raw null if the caller sent none
     * @throws CallFailure INVALID_REQUEST if it is none
     */
    Q parse(@Nullable RawRequest raw) {
        return switch (raw) {
            case null -> throw invalid("no message given, one allowed", null);
            case RawRequest.Received received -> parse(received.bytes().newCodedInput());
            case RawRequest.Unreadable unreadable ->
                    throw invalid(
                            "a message that cannot be decompressed given", unreadable.cause());
            case RawRequest.TooLarge tooLarge -> throw tooLarge.refusal();
        };
    }

    private Q parse(CodedInputStream input) {
        input.setRecursionLimit(NESTING_MAX);
        input.enableAliasing(true);
        try {
            Q request = reading.from(input);
            input.checkLastTagWas(0);
            return request;
        } catch (IOException e) {
            throw invalid(
                    "bytes given that are no such message, or one with text that is not UTF-8, or"
                            + " nested too deeply",
                    e);
        }
    }

    private CallFailure invalid(String what, @Nullable Exception cause) {
        Failure failure = new Failure.InvalidRequest(List.of(new Violation(type, what)));
        return cause == null ? new CallFailure(failure) : new CallFailure(failure, cause);
    }
}
