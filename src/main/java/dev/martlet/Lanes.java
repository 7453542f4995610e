package dev.martlet;

import java.time.Duration;

/// What holds for the lanes of the services.
///
/// @param edgeTime         until an answer begins
/// @param backgroundTime   the same
/// @param answerBytesMax   of an answer that comes by the edge lane and is no event stream
/// @param backgroundPlaces calls that may be under way in the background lane
/// @param retry            whether an attempt may be followed by another in the edge lane
/// @param fallback         whether the edge lane takes what the background lane could not do
public record Lanes(
        Duration edgeTime,
        Duration backgroundTime,
        long answerBytesMax,
        int backgroundPlaces,
        boolean retry,
        boolean fallback) {
    /// As they are when nobody says otherwise.
    public static final Lanes STANDARD =
            new Lanes(Duration.ofSeconds(20), Duration.ofSeconds(240), 6 << 20, 256, true, true);

    /// How long a service may take in a lane until its answer begins.
    public Duration time(NamedService service, Lane lane) {
        return service.time().orElse(lane == Lane.EDGE ? edgeTime : backgroundTime);
    }

    /// How often a service may be asked in a lane for one call.
    public int tries(NamedService service, Lane lane) {
        return 1 + (lane == Lane.EDGE && retry ? service.retries() : 0);
    }

    /// Whether a call that the background lane could not do may go on in the edge lane.
    public boolean fallback(NamedService service) {
        return fallback && service.fallback();
    }

    /// How many calls may be under way in a lane; 0 for any number.
    public int places(Lane lane) {
        return lane == Lane.EDGE ? 0 : backgroundPlaces;
    }
}
