package dev.martlet.app;

import dev.martlet.Catalog;
import dev.martlet.Reloads;
import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.config.ConfigWatch;
import dev.martlet.config.Written;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds the catalog in force. Reads the configuration again when asked or when a file has changed, and puts the new
/// catalog in its place by one reference; a configuration with a problem changes nothing.
final class CatalogSource implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("martlet.config");

    /// Reads the configuration from where it stands, each time anew.
    @FunctionalInterface
    interface Reading {
        Config again() throws ConfigInvalid;
    }

    /// Brings into force what is no part of the catalog.
    @FunctionalInterface
    interface Follower {
        /// Takes over what is new.
        ///
        /// @throws IOException if that cannot be; nothing has changed then
        void follow(Config config) throws IOException;
    }

    /// What came of a reload.
    sealed interface Outcome {
        /// Something else is in force now.
        ///
        /// @param changed       names of keys
        /// @param atNextRestart names of keys whose values are not in force yet
        record Swapped(List<String> changed, List<String> atNextRestart) implements Outcome {}

        /// What was written is in force, but for what waits for the next start.
        record Unchanged(List<String> atNextRestart) implements Outcome {}

        /// What was in force stays so.
        record Refused(List<String> problems) implements Outcome {}
    }

    private static final int READS_MAX = 5;

    private final Written started;
    private final Reading reading;
    private final Follower follower;
    private volatile Config inForce;
    private volatile Written lastReading;
    private volatile Reloads reloads = Reloads.NONE;
    private Optional<ConfigWatch> watch = Optional.empty();

    /// @param started what the gateway starts with
    /// @param follower gets each configuration that comes into force from now on
    CatalogSource(Config started, Reading reading, Follower follower) {
        this.started = started.written();
        this.reading = reading;
        this.follower = follower;
        this.inForce = started;
        this.lastReading = started.written();
    }

    Catalog inForce() {
        return inForce.catalog();
    }

    Reloads reloads() {
        return reloads;
    }

    /// From now on a changed file is reason enough to read again.
    ///
    /// @param changed does so, by [#reload]
    synchronized void watch(Runnable changed) {
        if (watch.isEmpty()) watch = Optional.of(new ConfigWatch(() -> lastReading, changed));
    }

    /// Reads the configuration again, and says in the log what came of it.
    synchronized Outcome reload() {
        try {
            Config again = read();
            lastReading = again.written();
            return succeeded(again);
        } catch (ConfigInvalid invalid) {
            lastReading = invalid.written();
            return failed(invalid.problems());
        }
    }

    /// What somebody was just writing is read once more.
    private Config read() throws ConfigInvalid {
        for (int more = READS_MAX - 1; ; more--) {
            try {
                Config read = reading.again();
                if (more == 0 || !read.written().isOutdated()) return read;
            } catch (ConfigInvalid invalid) {
                if (more == 0 || !invalid.written().isOutdated()) throw invalid;
            }
        }
    }

    private Outcome succeeded(Config again) {
        List<String> changed = again.written().changedSince(inForce.written());
        List<String> waiting = again.written().atNextRestart(started);
        try {
            if (!changed.isEmpty()) follower.follow(again);
        } catch (IOException e) {
            return failed(List.of(String.valueOf(e.getMessage())));
        }
        List<String> remarks = new ArrayList<>(again.notes());
        remarks.removeAll(inForce.notes());
        inForce = again;
        reloads = new Reloads(reloads.done() + 1, reloads.failed(), false, reloads.lastFailedAt(), 0, waiting);
        List<String> news = new ArrayList<>();
        news.add(changed.isEmpty() ? "nothing changed" : "in force now: " + String.join(", ", changed));
        if (!waiting.isEmpty()) news.add("takes effect at the next restart: " + String.join(", ", waiting));
        LOG.log(System.Logger.Level.INFO, "configuration read again; " + String.join("; ", news));
        remarks.forEach(remark -> LOG.log(System.Logger.Level.INFO, remark));
        return changed.isEmpty() ? new Outcome.Unchanged(waiting) : new Outcome.Swapped(changed, waiting);
    }

    private Outcome failed(List<String> problems) {
        Optional<Instant> now = Optional.of(Instant.now());
        reloads =
                new Reloads(reloads.done(), reloads.failed() + 1, true, now, problems.size(), reloads.atNextRestart());
        // First: of very many lines the log holds the last ones back.
        LOG.log(System.Logger.Level.ERROR, "configuration refused; what was in force stays so");
        problems.forEach(problem -> LOG.log(System.Logger.Level.ERROR, problem));
        return new Outcome.Refused(problems);
    }

    @Override
    public synchronized void close() {
        watch.ifPresent(ConfigWatch::close);
    }
}
