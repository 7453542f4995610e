package dev.martlet;

/// What kind of failure a service's silence was, as seed 001 tells its callers.
public enum ServiceFault {
    TIMEOUT(504, "请求超时 - 上游服务响应时间过长 (the service did not answer in time)"),
    NETWORK(502, "网络错误 - 无法连接到上游服务 (the connection to the service failed)"),
    DNS(502, "DNS 解析失败 - 无法解析上游主机 (the service's name was not found)"),
    CONNECTION(503, "连接被拒绝 - 上游服务不可用 (the service refuses connections)"),
    SSL(502, "SSL/TLS 错误 - 证书验证失败 (TLS with the service failed)"),
    UNKNOWN(500, "未知错误 (unknown error)");

    private final int status;
    private final String message;

    ServiceFault(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /// Of HTTP.
    public int status() {
        return status;
    }

    /// For the caller, in both languages of the documentation.
    public String message() {
        return message;
    }

    static ServiceFault of(Signal signal) {
        return switch (signal) {
            case Signal.Unreachable(Cause cause) -> of(cause);
            case Signal.Broken(Cause cause) -> of(cause);
            case Signal.Nonsense(Cause cause) -> of(cause);
            case Signal.Good _,
                    Signal.Failed _,
                    Signal.Refused _,
                    Signal.Throttled _,
                    Signal.KeyRefused _,
                    Signal.KeyForbidden _,
                    Signal.ModelUnknown _,
                    Signal.Postponed _,
                    Signal.Busy _,
                    Signal.Unfit _ ->
                    UNKNOWN;
        };
    }

    private static ServiceFault of(Cause cause) {
        return switch (cause) {
            case DNS -> DNS;
            case REFUSED -> CONNECTION;
            case TLS -> SSL;
            case CONNECT_TIMEOUT, HEAD_TIMEOUT, SEND_TIMEOUT, IDLE_TIMEOUT, TIME_LIMIT -> TIMEOUT;
            case UNREACHABLE, PROXY, RESET, CLOSED, FRAMING, TRUNCATED -> NETWORK;
            case EMPTY, HTML, NOT_JSON, GARBLED, ERROR_BODY, REDIRECT -> UNKNOWN;
        };
    }
}
