package dev.martlet;

import java.net.InetAddress;
import java.util.List;

/// A range of IP addresses: all that share their first bits with its address (RFC 4632, section 3.1).
///
/// @param octets 4 or 16, from the most significant
/// @param bits   how many of the address's bits count
public record Network(List<Byte> octets, int bits) {
    public Network {
        octets = List.copyOf(octets);
    }

    /// The range that this address is in.
    ///
    /// @throws IllegalArgumentException if the address has fewer bits
    public static Network of(InetAddress address, int bits) {
        byte[] octets = address.getAddress();
        if (bits < 0 || bits > octets.length * Byte.SIZE) throw new IllegalArgumentException("bits: " + bits);
        Byte[] boxed = new Byte[octets.length];
        for (int i = 0; i < octets.length; i++) boxed[i] = octets[i];
        return new Network(List.of(boxed), bits);
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != octets.size()) return false;
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((octets.get(bit / Byte.SIZE) ^ other[bit / Byte.SIZE]) & mask) != 0) return false;
        }
        return true;
    }
}
