package dev.martlet.operations;

import dev.martlet.Channel;
import dev.martlet.ClientLeft;
import dev.martlet.Key;
import dev.martlet.Patience;
import dev.martlet.Secret;
import dev.martlet.Signal;
import dev.martlet.relay.Probe;
import dev.martlet.wire.Headers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Asks one provider whether it takes each of a caller's keys; several at a time, and no longer than the caller waits.
final class KeyChecks {
    static final int AT_A_TIME = 10;
    static final Duration WITHIN = Duration.ofSeconds(15);

    private final Probe probe;
    private final Channel channel;
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /// What came of a key.
    ///
    /// @param error why it is not good, in words of our own; empty when it is
    record Checked(Secret key, Status status, String error, long millis) {}

    /// Whether a provider takes a key; `ERROR` when that could not be found out.
    enum Status {
        GOOD,
        BAD,
        ERROR
    }

    KeyChecks(Probe probe, Channel channel) {
        this.probe = probe;
        this.channel = channel;
    }

    /// Checks each key once.
    ///
    /// @param results gets what came of each as soon as it is known, on this thread
    /// @throws ClientLeft when the client leaves; what was under way is broken off
    void run(List<Secret> keys, Patience client, Consumer<Checked> results) {
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory());
                Patience.Watch _ = client.watch(this::stop)) {
            CompletionService<Checked> done = new ExecutorCompletionService<>(workers);
            for (Secret key : keys) done.submit(() -> check(key));
            try {
                for (int i = 0; i < keys.size(); i++) {
                    Checked checked = done.take().get();
                    if (stopped) throw new ClientLeft(client.departure());
                    results.accept(checked);
                }
            } finally {
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientLeft(client.departure());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key could not be checked", e.getCause());
        }
    }

    private void stop() {
        stopped = true;
        turns.forEach(Turn::end);
    }

    private Checked check(Secret key) {
        if (Headers.holdsClientKey(key.value())) {
            return new Checked(key, Status.BAD, "a key of this gateway, not of a provider", 0);
        }
        long since = System.nanoTime();
        Turn turn = new Turn();
        turns.add(turn);
        try {
            if (stopped) return new Checked(key, Status.ERROR, "not checked: the caller left", 0);
            turn.endIn(WITHIN);
            Probe.Outcome outcome = probe.takes(channel, new Key("caller", Optional.of(key), 1), WITHIN, turn);
            long millis = (System.nanoTime() - since) / 1_000_000;
            return new Checked(key, status(outcome), error(outcome, turn.isOver()), millis);
        } finally {
            turns.remove(turn);
        }
    }

    private static Status status(Probe.Outcome outcome) {
        return switch (outcome) {
            case Probe.Outcome.Answered(int status, _) when status / 100 == 2 -> Status.GOOD;
            case Probe.Outcome.Answered(int status, _) when status == 400 || status == 401 || status == 403 ->
                    Status.BAD;
            case Probe.Outcome.Answered _, Probe.Outcome.Failed _ -> Status.ERROR;
        };
    }

    /// Never the provider's own text.
    private static String error(Probe.Outcome outcome, boolean late) {
        return switch (outcome) {
            case Probe.Outcome.Answered(int status, _) ->
                    switch (status(outcome)) {
                        case GOOD -> "";
                        case BAD -> "refused with " + status;
                        case ERROR -> "answered with " + status;
                    };
            case Probe.Outcome.Failed _ when late -> "no answer within " + WITHIN.toSeconds() + " s";
            case Probe.Outcome.Failed(Signal.Unreachable unreachable) -> "not reached: " + unreachable.word();
            case Probe.Outcome.Failed(Signal signal) -> "no answer: " + signal.word();
        };
    }
}
