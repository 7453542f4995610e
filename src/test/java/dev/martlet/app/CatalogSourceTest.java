package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

class CatalogSourceTest {
    @Test
    void whatCannotBeFollowedIsRefusedAndTriedAgain() throws ConfigInvalid {
        Config before = config("http://one.test");
        Config after = config("http://other.test");
        AtomicBoolean unusable = new AtomicBoolean(true);
        CatalogSource.Follower follower =
                _ -> {
                    if (unusable.get()) throw new IOException("cannot use the certificate");
                };
        try (CatalogSource source = new CatalogSource(before, () -> after, follower)) {
            assertEquals(new CatalogSource.Outcome.Refused(List.of("cannot use the certificate")), source.reload());
            assertSame(before.catalog(), source.inForce());
            assertEquals(1, source.reloads().failed());
            assertTrue(source.reloads().lastFailed());
            unusable.set(false);
            source.reload();
            assertSame(after.catalog(), source.inForce());
            assertEquals(1, source.reloads().done());
        }
    }

    private static Config config(String service) throws ConfigInvalid {
        Map<String, String> environment = Map.of("SERVICE_1", service, "SERVICE_2", "http://two.test");
        return Config.load(Optional.empty(), environment, Optional.empty());
    }
}
