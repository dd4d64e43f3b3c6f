package dev.tranche.server.schema;

import java.math.BigDecimal;
import tools.jackson.databind.node.DecimalNode;

/**
 * A number whose text is not what {@link BigDecimal#toString} would write: {@code 1e2}, {@code -0},
 * {@code 0.00000001}. It is written as it was read. Equal to any other node of the same decimal.
 */
final class ExactNumber extends DecimalNode {
    private static final long serialVersionUID = 1L;

    private final String text;

    ExactNumber(BigDecimal value, String text) {
        super(value);
        this.text = text;
    }

    String text() {
        return text;
    }
}
