package dev.martlet;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A service of `/gateway/{name}`.
///
/// @param time           until an answer begins, where it is not that of the lane
/// @param retries        attempts after the first
/// @param retryMethods   those that may be worked on twice
/// @param defaults       header lines for requests that lack them
/// @param fallback       whether the edge lane may take what the background lane could not do
/// @param answerBytesMax the largest answer by the edge lane, where it is not that of the lane
public record NamedService(
        Service service,
        Optional<Duration> time,
        int retries,
        Set<String> retryMethods,
        Fields defaults,
        boolean fallback,
        OptionalLong answerBytesMax) {
    public NamedService {
        retryMethods = Set.copyOf(retryMethods);
    }

    public String name() {
        return service.name();
    }
}
