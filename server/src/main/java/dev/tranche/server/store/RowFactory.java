package dev.tranche.server.store;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ibatis.reflection.ReflectionException;
import org.apache.ibatis.reflection.factory.DefaultObjectFactory;

/**
 * Makes rows by their constructors, each looked up once. MyBatis would look it up for every row, and
 * learn from an exception every time that it is not public.
 */
final class RowFactory extends DefaultObjectFactory {
    private static final long serialVersionUID = 1;

    private final transient Map<Signature, Constructor<?>> constructors = new ConcurrentHashMap<>();

    private record Signature(Class<?> type, List<Class<?>> parameters) {}

    @Override
    public <T> T create(Class<T> type, List<Class<?>> parameters, List<Object> arguments) {
        if (!type.isRecord()) {
            return super.create(type, parameters, arguments);
        }
        Constructor<?> constructor =
                constructors.computeIfAbsent(
                        new Signature(type, parameters), RowFactory::constructor);
        try {
            return type.cast(constructor.newInstance(arguments.toArray()));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new ReflectionException("cannot make a " + type.getSimpleName(), e);
        }
    }

    private static Constructor<?> constructor(Signature signature) {
        try {
            Class<?>[] parameters = signature.parameters().toArray(Class<?>[]::new);
            Constructor<?> constructor = signature.type().getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new ReflectionException(e);
        }
    }
}
