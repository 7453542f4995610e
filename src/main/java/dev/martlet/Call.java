package dev.martlet;

/// What a client sent us, as the door saw it: the body is still unread.
///
/// @param id        the caller's request id when it was a sane one, else ours
/// @param surface   the public API it came in by, as `product.md` names it
/// @param method    the method token, as it was written
/// @param target    path and query, octet for octet as the client wrote them (origin form, RFC 9112, section 3.2.1)
/// @param fields    the header lines
/// @param peer      the address of the client, without its port
/// @param body      what follows the head
/// @param startedAt when the head was complete ([System#nanoTime])
public record Call(
        String id,
        Surface surface,
        String method,
        String target,
        Fields fields,
        String peer,
        Body body,
        long startedAt) {

    /// The path without its query; what may be logged (a query can hold a credential).
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /// Without the query.
    @Override
    public String toString() {
        return "Call " + id + " " + method + " " + path();
    }
}
