package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request message of bytes.
 *
 * @param prototype an empty message of the type
 */
record RequestParser<Q extends Message>(Q prototype) {
    /**
     * Messages inside each other. Data has 30 levels, each of 3 messages; somewhat more is read, so
     * that the error can name the place, and ten thousand levels don't overflow the stack.
     */
    private static final int NESTING_MAX = 200;

    /**
     * Reads a request.
     *
     * @param raw null if the caller sent none
     * @throws CallFailure INVALID_REQUEST if it is none
     */
    Q parse(@Nullable RawRequest raw) {
        return switch (raw) {
            case null -> throw invalid("no message given, one allowed", null);
            case RawRequest.Received received -> parse(received.bytes());
            case RawRequest.Unreadable unreadable ->
                    throw invalid("a message that cannot be decompressed given", unreadable.cause());
            case RawRequest.TooLarge tooLarge -> throw tooLarge.refusal();
        };
    }

    // The parser of a message's own class makes messages of that class.
    @SuppressWarnings("unchecked")
    private Q parse(ByteString bytes) {
        CodedInputStream input = bytes.newCodedInput();
        input.setRecursionLimit(NESTING_MAX);
        try {
            Q request = (Q) prototype.getParserForType().parseFrom(input);
            input.checkLastTagWas(0);
            return request;
        } catch (InvalidProtocolBufferException e) {
            throw invalid(
                    "bytes given that are no such message, or one with text that is not UTF-8, or"
                            + " nested too deeply",
                    e);
        }
    }

    private CallFailure invalid(String what, @Nullable Exception cause) {
        String type = prototype.getDescriptorForType().getName();
        Failure failure = new Failure.InvalidRequest(List.of(new Violation(type, what)));
        return cause == null ? new CallFailure(failure) : new CallFailure(failure, cause);
    }
}
