package dev.martlet;

/// One attempt as it went: the step of a trail.
///
/// @param name   the service, or channel and key: `channel/key`
/// @param signal what came of it
/// @param millis how long it took until that was known
public record Tried(String name, Signal signal, long millis) {
    /// The service or the channel, without its key.
    public String target() {
        int key = name.indexOf('/');
        return key < 0 ? name : name.substring(0, key);
    }
}
