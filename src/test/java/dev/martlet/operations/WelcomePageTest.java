package dev.martlet.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.regex.Pattern;

final class WelcomePageTest {
    private static final String BASE = "http://gateway:8080";

    @Test
    void namesTheBaseAddressesOfWhatIsThere() {
        String all = WelcomePage.of(new Offers(true, List.of("openai", "claude"), true, "m"), BASE, "ok");
        assertTrue(all.contains("<code>" + BASE + "/v1</code>"), all);
        assertTrue(all.contains("<code>" + BASE + "/gateway/{service}</code>"), all);
        assertTrue(all.contains("data-path=\"/gateway/claude\" disabled>claude</button>"), all);
        String forwarded = WelcomePage.of(new Offers(false, List.of(), true, "m"), BASE, "ok");
        assertFalse(forwarded.contains("/gateway/"), forwarded);
        assertTrue(forwarded.contains("<code>" + BASE + "</code>"), forwarded);
    }

    @Test
    void theFirstCallGoesWhereSomebodyAnswers() {
        String services = WelcomePage.of(new Offers(false, List.of("openai"), false, "m"), BASE, "ok");
        assertTrue(services.contains("curl " + BASE + "/gateway/openai/v1/chat/completions"), services);
        String channels = WelcomePage.of(new Offers(true, List.of("openai"), false, "own-model"), BASE, "ok");
        assertTrue(channels.contains("base_url=\"" + BASE + "/v1\""), channels);
        for (String written : List.of("\"model\": \"own-model\"", "model=\"own-model\"", "model: 'own-model'")) {
            assertTrue(channels.contains(written), channels);
        }
    }

    @Test
    void showsNoButtonThatDoesNothing() {
        String page = WelcomePage.of(new Offers(true, List.of("openai"), true, "m"), BASE, "ok");
        Pattern enabled = Pattern.compile("<button(?![^>]* disabled>)");
        assertFalse(enabled.matcher(page).find(), page); // without scripts; the page's own enables them
        assertTrue(page.contains("button.disabled = false"), page);
    }

    @Test
    void leavesNoPlaceholder() {
        for (boolean channels : List.of(true, false)) {
            String page = WelcomePage.of(new Offers(channels, List.of(), false, "m"), BASE, "ok");
            assertFalse(page.contains("${"), page);
            assertEquals(channels, page.contains("First call"), page);
        }
    }

    @Test
    void itsPolicyNamesItsOwnStyleAndScript() {
        assertTrue(WelcomePage.POLICY.matches(".*style-src 'sha256-[^' ]{44}'; script-src 'sha256-[^' ]{44}'.*"));
    }

    @Test
    void aHostThatIsMarkupStaysText() {
        String page =
                WelcomePage.of(new Offers(true, List.of(), false, "m"), "http://\"><script>alert(1)</script>&", "ok");
        assertFalse(page.contains("<script>alert"), page);
        assertTrue(page.contains("data-base=\"http://&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\""), page);
    }
}
