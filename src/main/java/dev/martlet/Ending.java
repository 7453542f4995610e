package dev.martlet;

import java.util.Locale;

/// How a call ended for its client. The letters are HAProxy's: who ended it, and in which phase (its manual, section 8.5).
public enum Ending {
    COMPLETE("--"),
    REFUSED("PR"),
    QUEUE_FULL("PQ"),
    CLIENT_LEFT_QUEUED("CQ"),
    BODY_TIMEOUT("cR"),
    BODY_CUT("CR"),
    CLIENT_LEFT_WAITING("CH"),
    CLIENT_LEFT("CD"),
    CLIENT_STALLED("cD"),
    KILLED("KD"),
    NO_UPSTREAM("SC"),
    UPSTREAM_CUT("SD"),
    UPSTREAM_IDLE("sD"),
    TIME_LIMIT("PD"),
    SIZE_LIMIT("PD"),
    BUG("PH");

    private final String letters;

    Ending(String letters) {
        this.letters = letters;
    }

    /// Of an answer whose client is gone.
    public static Ending of(Departure how) {
        return switch (how) {
            case LEFT -> CLIENT_LEFT;
            case STALLED -> CLIENT_STALLED;
            case CUT -> KILLED;
        };
    }

    public String letters() {
        return letters;
    }

    /// The word for metrics.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether the client has the whole answer that was meant for it.
    public boolean complete() {
        return this == COMPLETE || this == REFUSED || this == QUEUE_FULL || this == NO_UPSTREAM;
    }
}
