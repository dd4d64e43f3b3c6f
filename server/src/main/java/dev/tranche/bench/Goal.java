package dev.tranche.bench;

import java.util.Locale;

/** What a row is to reach. */
sealed interface Goal {

    /** Whether it is reached; with the medians of both sides, in the row's unit. */
    boolean isMet(double baseline, double variant);

    /** As people read it. */
    String text();

    /** Variant by baseline, at least. */
    record RatioAtLeast(double limit) implements Goal {
        @Override
        public boolean isMet(double baseline, double variant) {
            return variant / baseline >= limit;
        }

        @Override
        public String text() {
            return number("ratio >= %s", limit);
        }
    }

    /** Variant by baseline, at most. */
    record RatioAtMost(double limit) implements Goal {
        @Override
        public boolean isMet(double baseline, double variant) {
            return variant / baseline <= limit;
        }

        @Override
        public String text() {
            return number("ratio <= %s", limit);
        }
    }

    /** The variant alone, at most so many seconds. */
    record SecondsAtMost(double limit) implements Goal {
        @Override
        public boolean isMet(double baseline, double variant) {
            return variant <= limit;
        }

        @Override
        public String text() {
            return number("<= %s s", limit);
        }
    }

    /** The variant, at most so many seconds more than the baseline. */
    record SecondsMoreAtMost(double limit) implements Goal {
        @Override
        public boolean isMet(double baseline, double variant) {
            return variant - baseline <= limit;
        }

        @Override
        public String text() {
            return number("<= %s s more", limit);
        }
    }

    /** Measured to be known. */
    record Unset() implements Goal {
        @Override
        public boolean isMet(double baseline, double variant) {
            return true;
        }

        @Override
        public String text() {
            return "";
        }
    }

    private static String number(String form, double limit) {
        String number = String.format(Locale.ROOT, "%.2f", limit).replaceFirst("\\.?0+$", "");
        return form.formatted(number);
    }
}
