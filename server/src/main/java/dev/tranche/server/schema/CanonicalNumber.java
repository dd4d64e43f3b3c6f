package dev.tranche.server.schema;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/**
 * A number in the one form that all its spellings share: ± digits × 10^exponent, without zeros at
 * either end of the digits. Takes time linear in the digits, whatever the exponent.
 *
 * @param sign -1, 0 or 1
 * @param digits "0" for zero
 */
record CanonicalNumber(int sign, String digits, int exponent) {

    static CanonicalNumber of(JsonNode number) {
        if (number.isInt() || number.isLong()) {
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
}
