package dev.tranche.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    @Test
    void isSilentAboutWhatIsRight() {
        figures.check("inserted", 3, 3);
        figures.check("rows", Set.of(1, 2), Set.of(2, 1));

        assertThat(figures.checked()).isEqualTo(2);
        assertThat(figures.wrong()).isEmpty();
    }

    @Test
    void namesWhatIsWrong() {
        figures.check("inserted", 26_112, 26_111);
        figures.check("rows", List.of(), List.of());

        assertThat(figures.wrong()).containsExactly("inserted: 26112 expected, 26111 found");
    }
}
