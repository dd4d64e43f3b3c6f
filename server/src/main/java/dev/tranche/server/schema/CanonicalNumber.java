package dev.tranche.server.schema;

import java.math.BigDecimal;
import java.util.Comparator;
import tools.jackson.databind.JsonNode;

/**
 * A number in the one form that all its spellings share: ± digits × 10^exponent, without zeros at
 * either end of the digits. Takes time linear in the digits, whatever the exponent.
 *
 * @param sign -1, 0 or 1
 * @param digits "0" for zero
 */
record CanonicalNumber(int sign, String digits, int exponent)
        implements Comparable<CanonicalNumber> {
    /** An order of spellings, not of numbers. */
    private static final Comparator<CanonicalNumber> ORDER =
            Comparator.comparing(CanonicalNumber::digits)
                    .thenComparingInt(CanonicalNumber::exponent)
                    .thenComparingInt(CanonicalNumber::sign);

    static CanonicalNumber of(JsonNode number) {
        if (ValueEquality.isLong(number)) {
            return of(Long.signum(number.longValue()), Long.toString(number.longValue()), 0);
        }
        BigDecimal value = number.decimalValue();
        return of(value.signum(), value.unscaledValue().toString(), -value.scale());
    }

    private static CanonicalNumber of(int sign, String signed, int exponent) {
        if (sign == 0) {
            return new CanonicalNumber(0, "0", 0);
        }
        int end = signed.length();
        while (signed.charAt(end - 1) == '0') {
            end--;
        }
        String digits = signed.substring(sign < 0 ? 1 : 0, end);
        return new CanonicalNumber(sign, digits, exponent + signed.length() - end);
    }

    @Override
    public int compareTo(CanonicalNumber other) {
        return ORDER.compare(this, other);
    }
}
