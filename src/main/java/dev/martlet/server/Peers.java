package dev.martlet.server;

import dev.martlet.Fields;
import dev.martlet.Network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who sent a request.
///
/// @param client   the address that the request came from, as far as it can be believed
/// @param neighbor the address at the other end of the connection: the client, or the last proxy before us
public record Peers(InetAddress client, InetAddress neighbor) {

    /// Believes a proxy that is trusted, and whom it believes if that one is trusted, too: the list of `X-Forwarded-For`
    /// is read from its end, where the nearest proxy wrote.
    static Peers of(InetAddress neighbor, Fields fields, List<Network> trusted) {
        if (!contain(trusted, neighbor)) return new Peers(neighbor, neighbor);
        InetAddress client = neighbor;
        for (String entry : said(fields).reversed()) {
            Optional<InetAddress> address = address(entry);
            if (address.isEmpty()) break;
            client = address.get();
            if (!contain(trusted, client)) break;
        }
        return new Peers(client, neighbor);
    }

    private static List<String> said(Fields fields) {
        List<String> entries = new ArrayList<>();
        for (String line : fields.all("X-Forwarded-For")) entries.addAll(List.of(line.split(",", -1)));
        return entries;
    }

    private static boolean contain(List<Network> networks, InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) return true;
        }
        return false;
    }

    /// Some proxies add the port.
    private static Optional<InetAddress> address(String entry) {
        String text = entry.strip();
        if (text.startsWith("[") && text.indexOf(']') > 0) text = text.substring(1, text.indexOf(']'));
        else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            text = text.substring(0, text.indexOf(':'));
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
