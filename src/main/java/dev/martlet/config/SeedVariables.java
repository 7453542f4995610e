package dev.martlet.config;

import java.util.Set;

/// The variables of the programs whose users move to Martlet, as far as no setting reads them.
final class SeedVariables {
    /// For what is still to come; a name leaves this list when a setting reads it.
    private static final Set<String> LATER = Set.of("ADMIN_PASSWORD", "HEALTH_CHECK_PATH", "STATS_PATH");

    /// Names that other programs have too, so that finding them in the process means nothing.
    private static final Set<String> EVERYBODYS =
            Set.of("NODE_ENV", "UV_THREADPOOL_SIZE", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY");

    private static final Set<String> ONLY_OURS =
            Set.of(
                    "API_KEY_VALIDATION_ENABLED",
                    "CIRCUIT_BREAKER_MONITORING_PERIOD",
                    "CORS_CREDENTIALS",
                    "HELMET_ENABLED",
                    "MONITORING_ENABLED",
                    "RATE_LIMIT_MESSAGE",
                    "STATS_RETENTION_TIME");

    private SeedVariables() {}

    static boolean isLater(String name) {
        return LATER.contains(name);
    }

    static boolean isMeaningless(String name) {
        return EVERYBODYS.contains(name) || isOnlyOurs(name);
    }

    /// Has no meaning, and stands in an environment only because of one of those programs.
    static boolean isOnlyOurs(String name) {
        return ONLY_OURS.contains(name) || name.startsWith(SeedChannels.GEMINI);
    }

    static boolean isUnknown(String name) {
        return !isLater(name) && !isMeaningless(name);
    }
}
