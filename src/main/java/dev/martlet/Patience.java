package dev.martlet;

/// How long a client still waits for us: until it leaves. Given to whatever blocks on a client's behalf.
public interface Patience {
    /// A caller that never leaves, for work of our own.
    Patience ENDLESS =
            new Patience() {
                @Override
                public Watch watch(Runnable onLeave) {
                    return () -> {};
                }

                @Override
                public Departure departure() {
                    return Departure.LEFT;
                }
            };

    /// From now on until the watch is closed, runs `onLeave` once when the client has left; at once when it already has.
    /// It may run on another thread and must not block. There is one watch at a time.
    Watch watch(Runnable onLeave);

    /// How the client left, once it has.
    Departure departure();

    /// Ends the watching. When it returns, `onLeave` is not running and will not run.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
