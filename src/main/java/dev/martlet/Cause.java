package dev.martlet;

/// Why an exchange with an upstream failed.
public enum Cause {
    DNS("dns"),
    REFUSED("refused"),
    CONNECT_TIMEOUT("connect-timeout"),
    UNREACHABLE("unreachable"),
    PROXY("proxy"),
    TLS("tls"),
    RESET("reset"),
    CLOSED("closed"),
    FRAMING("framing"),
    HEAD_TIMEOUT("timeout"),
    SEND_TIMEOUT("send-timeout"),
    IDLE_TIMEOUT("idle-timeout"),
    TIME_LIMIT("time-limit"),
    EMPTY("empty"),
    HTML("html"),
    NOT_JSON("not-json"),
    TRUNCATED("truncated"),
    GARBLED("garbled"),
    ERROR_BODY("error-body"),
    REDIRECT("redirect");

    private final String word;

    Cause(String word) {
        this.word = word;
    }

    /// The word for logs and trails.
    public String word() {
        return word;
    }
}
