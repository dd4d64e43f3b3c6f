package dev.tranche.server.transport;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Puts handlers behind the methods of a service of the contract. */
final class ServiceAssembly {
    private final ServiceDescriptor contract;
    private final ServerLimits.Calls limits;
    private final Map<
                    MethodDescriptor<RawRequest, Outgoing>, ServerCallHandler<RawRequest, Outgoing>>
            methods = new LinkedHashMap<>();

    ServiceAssembly(ServiceDescriptor contract, ServerLimits.Calls limits) {
        this.contract = contract;
        this.limits = limits;
    }

    /** Says what answers a method. */
    <Q extends Message, R extends Message> ServiceAssembly method(
            MethodDescriptor<Q, R> method, Handler<Q, R> handler) {
        return method(method, RequestParser.of(prototype(method.getRequestMarshaller())), handler);
    }

    /** Says what answers a method whose requests are not read as messages as a whole. */
    <Q, R extends Message> ServiceAssembly method(
            MethodDescriptor<?, R> method, RequestParser<Q> parser, Handler<Q, R> handler) {
        return streaming(
                method,
                parser,
                (requests, replies) ->
                        handler.handle(
                                Objects.requireNonNull(requests.next(), "a call has a message"),
                                replies));
    }

    /** Says what answers a method whose caller streams. */
    <Q, R extends Message> ServiceAssembly streaming(
            MethodDescriptor<?, R> method, RequestParser<Q> parser, StreamHandler<Q, R> handler) {
        methods.put(
                method.toBuilder(
                                new RawRequest.Reader(),
                                new Outgoing.Writer(prototype(method.getResponseMarshaller())))
                        .build(),
                Exchange.running(handler, parser, limits));
        return this;
    }

    /** The service, described as in the contract, so that reflection shows that. */
    ServerServiceDefinition build() {
        ServiceDescriptor.Builder service =
                ServiceDescriptor.newBuilder(contract.getName())
                        .setSchemaDescriptor(contract.getSchemaDescriptor());
        methods.keySet().forEach(service::addMethod);
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(service.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private static <T extends Message> T prototype(MethodDescriptor.Marshaller<T> marshaller) {
        T prototype = ((PrototypeMarshaller<T>) marshaller).getMessagePrototype();
        if (prototype == null) {
            throw new IllegalArgumentException("generated marshallers have a prototype");
        }
        return prototype;
    }
}
