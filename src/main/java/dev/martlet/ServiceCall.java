package dev.martlet;

/// A call to a service that it names.
///
/// @param call    as the door saw it
/// @param service the name, as it was written
/// @param target  path and query behind the name, octet for octet
/// @param local   whether it comes from this very machine ([Loopback])
public record ServiceCall(Call call, String service, String target, boolean local) {
    /// Without the query.
    @Override
    public String toString() {
        return "ServiceCall " + call;
    }
}
