package dev.martlet.server;

import dev.martlet.Body;
import dev.martlet.Patience;
import dev.martlet.wire.Http1.RequestHead;

import java.net.InetAddress;

/// A well-formed request whose body has not been read.
///
/// @param id        the caller's request id when it sent a sane one, else ours
/// @param peers     who sent it
/// @param body      reading it throws [dev.martlet.Refused] when it is too large, too slow or broken
/// @param patience  tells when the client leaves
/// @param startedAt when the head was complete ([System#nanoTime])
public record Incoming(String id, RequestHead head, Peers peers, Body body, Patience patience, long startedAt) {
    /// The path as it was written, without the query.
    public String path() {
        int query = head.target().indexOf('?');
        return query < 0 ? head.target() : head.target().substring(0, query);
    }

    /// The address of the client, as text.
    public String peer() {
        return peers.client().getHostAddress();
    }

    /// The address at the other end of the connection.
    public InetAddress socketAddress() {
        return peers.neighbor();
    }
}
