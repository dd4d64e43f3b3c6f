package dev.tranche.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Sends requests that no stub would send. */
final class Bytes {
    private static final MethodDescriptor<byte[], ExecuteBatchResponse> EXECUTE_BATCH =
            BatchServiceGrpc.getExecuteBatchMethod().toBuilder(
                            new AsTheyAre(),
                            ProtoUtils.marshaller(ExecuteBatchResponse.getDefaultInstance()))
                    .build();

    /** Field 1 of Struct, and of its entries the fields 1 and 2; field 5 of Value. */
    private static final int FIELDS = 0x0a;

    private static final int KEY = 0x0a;
    private static final int VALUE = 0x12;
    private static final int STRUCT_VALUE = 0x2a;

    /** From CreateRecord.data outwards. */
    private static final int DATA = 0x1a;

    private static final int CREATE_RECORD = 0x52;
    private static final int OPERATIONS = 0x12;

    private Bytes() {}

    static ExecuteBatchResponse executeBatch(TestServer server, byte[] request) {
        return ClientCalls.blockingUnaryCall(
                server.channel(), EXECUTE_BATCH, CallOptions.DEFAULT, request);
    }

    /** A request with one more operation: a record whose data is a Struct, nested so deep. */
    static byte[] withStruct(ExecuteBatchRequest request, String collection, int depth) {
        Backwards written = new Backwards();
        for (int level = 1; level < depth; level++) {
            written.enclose(STRUCT_VALUE);
            written.enclose(VALUE);
            written.prepend((byte) KEY, (byte) 1, (byte) 'a');
            written.enclose(FIELDS);
        }
        written.enclose(DATA);
        written.prepend(collection.getBytes(UTF_8));
        written.prependSize(collection.length());
        written.prepend((byte) 0x0a);
        written.enclose(CREATE_RECORD);
        written.enclose(OPERATIONS);
        written.prepend(request.toByteArray());
        return written.bytes();
    }

    /** Bytes that grow at their front, so that the size of a message is known when it is needed. */
    private static final class Backwards {
        private byte[] buffer = new byte[1024];
        private int start = buffer.length;

        void enclose(int tag) {
            prependSize(buffer.length - start);
            prepend((byte) tag);
        }

        void prependSize(int size) {
            byte[] varint = new byte[CodedOutputStream.computeUInt32SizeNoTag(size)];
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(varint);
                out.writeUInt32NoTag(size);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            prepend(varint);
        }

        void prepend(byte... bytes) {
            if (start < bytes.length) {
                byte[] larger = new byte[2 * buffer.length + bytes.length];
                System.arraycopy(buffer, 0, larger, larger.length - buffer.length, buffer.length);
                start += larger.length - buffer.length;
                buffer = larger;
            }
            start -= bytes.length;
            System.arraycopy(bytes, 0, buffer, start, bytes.length);
        }

        byte[] bytes() {
            return Arrays.copyOfRange(buffer, start, buffer.length);
        }
    }

    private static final class AsTheyAre implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
