package dev.martlet.relay;

import dev.martlet.Call;
import dev.martlet.CallRecord;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.LaneChoice;
import dev.martlet.Operation;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Tried;
import dev.martlet.Usage;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What has happened to a call so far; becomes its record.
final class Trail {
    private static final System.Logger LOG = System.getLogger("martlet.attempt");

    private final Call call;
    private final List<Tried> tried = new ArrayList<>(2);
    private Optional<Refusal> refused = Optional.empty();
    private Optional<Halt> halted = Optional.empty();
    private long bytesIn;
    private long bytesOut;
    private OptionalLong firstByteMillis = OptionalLong.empty();
    private Optional<CallRecord.Use> use = Optional.empty();
    private Optional<LaneChoice> chosen = Optional.empty();
    private Lane taken = Lane.EDGE;
    private boolean shown;
    private int status = 500; // what a bug is answered with
    private Ending ending = Ending.BUG;

    Trail(Call call) {
        this.call = call;
    }

    void add(String name, Signal signal, long sinceNanos) {
        Tried attempt = new Tried(name, signal, millisSince(sinceNanos));
        tried.add(attempt);
        if (!LOG.isLoggable(Level.DEBUG)) return;
        String came = signal.word() + " (" + attempt.millis() + "ms)";
        LOG.log(Level.DEBUG, "attempt {0} -> {1} id={2}", name, came, call.id());
    }

    List<Tried> tried() {
        return List.copyOf(tried);
    }

    /// A model was asked.
    void asks(Operation operation, String model) {
        use = Optional.of(new CallRecord.Use(operation.kind(), model, Optional.empty()));
    }

    /// The provider has counted.
    void counted(Usage tokens) {
        use = use.map(asked -> new CallRecord.Use(asked.operation(), asked.model(), Optional.of(tokens)));
    }

    /// A lane was chosen.
    void chooses(LaneChoice lane) {
        chosen = Optional.of(lane);
        taken = lane.lane();
    }

    /// The lane that it is in.
    Lane lane() {
        return taken;
    }

    /// An attempt is made in a lane.
    void takes(Lane lane) {
        taken = lane;
    }

    /// The answer has come without a count, or without the end where it would stand: it is estimated.
    void uncounted(long outputTokens) {
        use.map(CallRecord.Use::operation)
                .filter(Operation.Kind::countsTokens)
                .ifPresent(kind -> {
                    long output = kind.answersInTokens() ? outputTokens : 0;
                    counted(Usage.estimate(bytesIn, output));
                });
    }

    /// From here on the client may know who answers.
    void show() {
        shown = true;
    }

    /// What the client may know of the attempts, as fields of the answer that the last of them has brought.
    Fields shown() {
        if (!shown || tried.isEmpty()) return Fields.NONE;
        return Fields.of(
                "x-martlet-channel", tried.getLast().target(), "x-martlet-attempts", Integer.toString(tried.size()));
    }

    void halted(Halt why) {
        halted = Optional.of(why);
    }

    void addBytesIn(long bytes) {
        bytesIn += bytes;
    }

    void addBytesOut(long bytes) {
        bytesOut += bytes;
    }

    void begun(int committedStatus) {
        status = committedStatus;
        firstByteMillis = OptionalLong.of(millisSince(call.startedAt()));
    }

    void ended(Ending how) {
        ending = how;
    }

    void ended(Ending how, int withStatus) {
        ending = how;
        if (firstByteMillis.isEmpty()) status = withStatus;
    }

    void refused(Refusal why) {
        refused = Optional.of(why);
        ended(why.ending(), why.status());
    }

    CallRecord record() {
        return new CallRecord(
                call.id(),
                call.surface(),
                call.method(),
                call.path(),
                call.peer(),
                status,
                tried,
                refused,
                halted,
                bytesIn,
                bytesOut,
                firstByteMillis,
                millisSince(call.startedAt()),
                ending,
                use,
                chosen.map(lane -> new CallRecord.Way(lane, taken)));
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }
}
