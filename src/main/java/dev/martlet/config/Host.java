package dev.martlet.config;

import dev.martlet.Network;

import java.math.BigInteger;
import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names and address literals of hosts, in the one form the other rooms see: lower case, ASCII, IPv6 without brackets.
final class Host {
    static final Kind<String> KIND = new Kind<>("the name or the IP address of a host", Host::of);

    /// One address, or a range of them in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3).
    static final Kind<Network> NETWORK =
            new Kind<>(
                    "an IP address, or a range such as 10.0.0.0/8 or fd00::/8, every bit behind its length zero",
                    Host::network);

    private static final Pattern RANGE = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:/([0-9]{1,3}))?");
    private static final int LENGTH_MAX = 253;
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*+");
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

    /// A last label that resolvers take for a number, as in `127.1` or `0x7f000001`: another way to write an address.
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    private Host() {}

    static Optional<String> of(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        if (bracketed) return ipv6(text.substring(1, text.length() - 1));
        return text.indexOf(':') >= 0 ? ipv6(text) : ascii(text).filter(Host::isNameOrIpv4);
    }

    private static boolean isNameOrIpv4(String host) {
        if (IPV4.matcher(host).matches()) return true;
        return host.length() <= LENGTH_MAX && NAME.matcher(host).matches() && !NUMERIC_END.matcher(host).matches();
    }

    /// Without a zone (`%eth0`): which interfaces there are is not for a file to know.
    private static Optional<String> ipv6(String literal) {
        if (!literal.matches("[0-9A-Fa-f:.]{2,45}") || literal.indexOf(':') < 0) return Optional.empty();
        try {
            Inet6Address.ofLiteral(literal);
            return Optional.of(literal.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Network> network(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) return Optional.empty();
        String literal = text.substring(0, range.end(1));
        String length = text.substring(Math.min(text.length(), range.end(1) + 1));
        return of(literal).filter(Host::isAddress).flatMap(host -> network(host, length));
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    private static Optional<Network> network(String literal, String length) {
        InetAddress address = InetAddress.ofLiteral(literal);
        int bits = address.getAddress().length * Byte.SIZE;
        if (length.isEmpty()) return Optional.of(Network.of(address, bits));
        // The length of a mapped address (::ffff:10.0.0.0) would count bits that are not there any more.
        boolean mapped = address instanceof Inet4Address && literal.indexOf(':') >= 0;
        int taken = Integer.parseInt(length);
        if (mapped || taken > bits || lowestBit(address) < bits - taken) return Optional.empty();
        return Optional.of(Network.of(address, taken));
    }

    private static int lowestBit(InetAddress address) {
        int lowest = new BigInteger(1, address.getAddress()).getLowestSetBit();
        return lowest < 0 ? Integer.MAX_VALUE : lowest;
    }

    private static Optional<String> ascii(String name) {
        if (name.chars().allMatch(c -> c < 0x80)) return Optional.of(name.toLowerCase(Locale.ROOT));
        if (name.length() > LENGTH_MAX) return Optional.empty();
        try {
            return Optional.of(IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
