package dev.martlet.operations;

import java.util.List;

/// What a newcomer can call here.
///
/// @param channels whether calls are routed by model
/// @param services what callers may name behind `/gateway/`; empty when there is nothing to name
/// @param forwards whether everything else is forwarded as it came
/// @param model    for a first call
record Offers(boolean channels, List<String> services, boolean forwards, String model) {
    Offers {
        services = List.copyOf(services);
    }

    /// Whether there is nothing to call.
    boolean isEmpty() {
        return !channels && services.isEmpty() && !forwards;
    }

    /// What stands between the gateway's address and `/chat/completions` in a first call.
    String firstBase() {
        return channels || services.isEmpty() ? "/v1" : "/gateway/openai/v1";
    }
}
