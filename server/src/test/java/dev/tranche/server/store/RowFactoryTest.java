package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.ibatis.reflection.ReflectionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowFactoryTest {
    private static final List<Class<?>> COLUMNS =
            List.of(String.class, int.class, String.class, String.class, int.class, boolean.class);

    private final RowFactory factory = new RowFactory();

    @Test
    void makesRowsByAConstructorThatIsNotPublic() {
        for (int index = 0; index < 2; index++) {
            assertThat(make("b", index, null, "{}", 2, true))
                    .isEqualTo(new FailureLine("b", index, null, "{}", 2, true));
        }
    }

    @Test
    void refusesNullWhereAColumnMustHaveAValue() {
        assertThatThrownBy(() -> make("b", null, null, "{}", 2, true))
                .isInstanceOf(ReflectionException.class)
                .hasMessage("cannot make a FailureLine");
    }

    @Test
    void refusesColumnsThatNoConstructorTakes() {
        assertThatThrownBy(() -> factory.create(KeyLine.class, COLUMNS, List.of()))
                .isInstanceOf(ReflectionException.class)
                .hasCauseInstanceOf(NoSuchMethodException.class);
    }

    @Test
    void leavesWhatIsNoRowToMyBatis() {
        Object made = factory.create(List.class, List.of(), List.of());
        assertThat(made).isInstanceOf(ArrayList.class);
    }

    private FailureLine make(@Nullable Object... columns) {
        return factory.create(FailureLine.class, COLUMNS, Arrays.asList(columns));
    }
}
