package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
    private static final Pages PAGES = Pages.of("records", "default", "notes");

    @Test
    void findsThePositionOfItsOwnTokens() {
        Violations violations = new Violations();

        assertThat(PAGES.position(PAGES.token("🚀 a"), violations)).isEqualTo("🚀 a");
        assertThat(PAGES.position("", violations)).isEmpty();
        assertThat(violations.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "no token", "AAAA", "AAAAAAAAAAAAAAAAYQ", "🚀", "===="})
    void refusesWhatIsNoToken(String token) {
        assertRefused(PAGES, token);
    }

    @Test
    void refusesTheTokenOfAnotherListing() {
        assertRefused(PAGES, Pages.of("records", "default", "tags").token("a"));
        assertRefused(PAGES, Pages.of("records", "defaultnotes", "").token("a"));
    }

    @Test
    void refusesATokenWithSomethingBehindIt() {
        assertRefused(PAGES, PAGES.token("a") + "=");
    }

    @Test
    void keepsPagesWithinTheirSize() {
        Violations violations = new Violations();

        assertThat(Pages.size(0, violations)).isEqualTo(100);
        assertThat(Pages.size(1_000, violations)).isEqualTo(1_000);
        assertThat(Pages.size(1_001, violations)).isEqualTo(1_000);
        assertThat(violations.isEmpty()).isTrue();
    }

    @Test
    void refusesANegativeSize() {
        Violations violations = new Violations();
        Pages.size(-1, violations);

        assertThat(violations.isEmpty()).isFalse();
    }

    private static void assertRefused(Pages pages, String token) {
        Violations violations = new Violations();
        pages.position(token, violations);
        assertThat(violations.isEmpty()).isFalse();
    }
}
