package dev.martlet;

import java.util.Optional;

/// A credential that a channel is used with.
///
/// @param name   for logs, trails and the panel
/// @param secret what is sent; empty for a provider that asks for none
/// @param weight its share of the calls beside the channel's other keys, at least 1
public record Key(String name, Optional<Secret> secret, int weight) {
    /// For a provider that asks for no credential.
    public static final Key NONE = new Key("no-key", Optional.empty(), 1);

    /// Stays the same when the configuration is read again, and changes when the credential does.
    public String id() {
        return secret.map(Secret::fingerprint).orElse("");
    }
}
