package dev.martlet.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What the service tells its manager (sd_notify(3)), and the life sign that it owes. Without `NOTIFY_SOCKET` in the
/// environment nobody is told anything.
final class Systemd {
    /// Whether the service does its work; may take as long as it is told to at the most.
    @FunctionalInterface
    interface Pulse {
        Beat feel(Duration patience);
    }

    /// What was felt of a pulse.
    enum Beat {
        FELT,
        /// Not in time; it may come back.
        MISSED,
        /// The work has ended and will not begin again by itself.
        STOPPED
    }

    private final Optional<Notices> manager;
    private final Optional<Duration> watchdog;
    private final Consumer<String> trouble;
    private volatile boolean stopping;

    private Systemd(Optional<Notices> manager, Optional<Duration> watchdog, Consumer<String> trouble) {
        this.manager = manager;
        this.watchdog = watchdog;
        this.trouble = trouble;
    }

    /// @param trouble where to say that the manager cannot be told, or that the pulse stands still
    static Systemd of(Map<String, String> environment, Consumer<String> trouble) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) return new Systemd(Optional.empty(), Optional.empty(), trouble);
        try {
            return new Systemd(Optional.of(new Notices(address)), watchdog(environment), trouble);
        } catch (IllegalArgumentException e) {
            trouble.accept("systemd is not told anything: NOTIFY_SOCKET is " + e.getMessage());
            return new Systemd(Optional.empty(), Optional.empty(), trouble);
        }
    }

    /// Where a service may keep what it needs (systemd.exec(5), `StateDirectory=`); empty for one that was started by hand.
    static Optional<Path> stateDirectory(Map<String, String> environment) {
        String directories = environment.getOrDefault("STATE_DIRECTORY", "");
        return directories.isEmpty() ? Optional.empty() : Optional.of(Path.of(directories.split(":", 2)[0]));
    }

    /// Calls are served.
    void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    /// One line for `systemctl status`.
    void status(String status) {
        tell("STATUS=" + status);
    }

    /// The configuration is being read again; [#ready] says that this is over.
    void reloading() {
        // CLOCK_MONOTONIC, which is what nanoTime reads on Linux.
        tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /// The end has begun, and may take this long from now.
    void stopping(String status, Duration most) {
        stopping = true;
        tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + TimeUnit.NANOSECONDS.toMicros(most.toNanos()) + "\nSTATUS=" + status);
    }

    /// Gives the life sign three times in the time the unit allows, each time only after the pulse was felt. Where it has
    /// stopped, the manager does not wait for the end of that time.
    void watch(Pulse pulse) {
        if (manager.isEmpty() || watchdog.isEmpty()) return;
        Duration third = watchdog.get().dividedBy(3);
        Thread.ofPlatform().daemon().name("watchdog").start(() -> watch(pulse, third));
    }

    private void watch(Pulse pulse, Duration third) {
        try {
            while (true) {
                answerFor(pulse.feel(third));
                Thread.sleep(third);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerFor(Beat beat) {
        switch (beat) {
            case FELT -> tell("WATCHDOG=1");
            case MISSED ->
                    trouble.accept(
                            "the listener does not answer a request of our own; systemd will restart the service");
            case STOPPED -> {
                if (stopping) return;
                trouble.accept("nobody listens on our port any more; systemd is asked to restart the service");
                tell("WATCHDOG=trigger");
            }
        }
    }

    private void tell(String text) {
        if (manager.isEmpty()) return;
        int errno = manager.get().send(text);
        if (errno != 0)
            trouble.accept("systemd cannot be told " + text.lines().findFirst().orElse("") + ": errno " + errno);
    }

    /// sd_watchdog_enabled(3): the time is in microseconds, and meant for the process that is named.
    private static Optional<Duration> watchdog(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (!pid.isEmpty() && !pid.equals(String.valueOf(ProcessHandle.current().pid()))) return Optional.empty();
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0
                    ? Optional.of(Duration.of(micros, java.time.temporal.ChronoUnit.MICROS))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
