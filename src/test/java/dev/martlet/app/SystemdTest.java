package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.Systemd.Beat;
import dev.martlet.server.ServerSettings;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@DisplayName("systemd is told")
class SystemdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<String> trouble = new CopyOnWriteArrayList<>();

    private final AtomicBoolean stopped = new AtomicBoolean();

    @TempDir Path folder = Path.of("");

    @Test
    @DisplayName("each state, in datagrams exactly as sd_notify(3) has them, on a path")
    void eachState() throws IOException {
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            tellsEachState(manager);
        }
    }

    @Test
    @DisplayName("each state on an abstract address as well")
    void eachStateOnAnAbstractAddress() throws IOException {
        try (NotifySocket manager = NotifySocket.at("@martlet-test-" + ProcessHandle.current().pid())) {
            tellsEachState(manager);
        }
    }

    @Test
    @DisplayName("L-11: WATCHDOG=1 as long as the pulse beats, and no longer")
    void watchdogOnlyWhileThePulseBeats() throws IOException, InterruptedException {
        BlockingQueue<Beat> pulse = new LinkedBlockingQueue<>(List.of(Beat.FELT, Beat.FELT, Beat.MISSED));
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Systemd systemd = Systemd.of(environment(manager, "WATCHDOG_USEC", "30000"), trouble::add);
            systemd.watch(patience -> Optional.ofNullable(pulse.poll()).orElseGet(() -> endsHere(systemd)));
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            assertEquals("STATUS=after the pulse stopped", manager.receive(PATIENCE));
            assertTrue(trouble.getFirst().contains("does not answer"), trouble::toString);
        }
    }

    @Test
    @DisplayName("L-11: WATCHDOG=trigger at once when nobody listens any more, but not while it is stopping")
    void triggersTheWatchdogWhenNobodyListens() throws IOException {
        BlockingQueue<Beat> pulse = new LinkedBlockingQueue<>(List.of(Beat.FELT, Beat.STOPPED, Beat.FELT));
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Systemd systemd = Systemd.of(environment(manager, "WATCHDOG_USEC", "30000"), trouble::add);
            systemd.watch(_ -> Optional.ofNullable(pulse.poll()).orElseGet(() -> stopsHere(systemd)));
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            assertEquals("WATCHDOG=trigger", manager.receive(PATIENCE));
            assertEquals("WATCHDOG=1", manager.receive(PATIENCE));
            assertTrue(manager.receive(PATIENCE).startsWith("STOPPING=1"));
            assertEquals("STATUS=after the pulse stopped", manager.receive(PATIENCE));
            assertTrue(trouble.getFirst().contains("nobody listens"), trouble::toString);
        }
    }

    @Test
    void nothingWhenTheWatchdogIsMeantForAnotherProcess() throws IOException {
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Map<String, String> environment =
                    Map.of("NOTIFY_SOCKET", manager.address(), "WATCHDOG_USEC", "30000", "WATCHDOG_PID", "1");
            Systemd systemd = Systemd.of(environment, trouble::add);
            systemd.watch(_ -> Beat.FELT);
            systemd.status("the only one");
            assertEquals("STATUS=the only one", manager.receive(PATIENCE));
        }
    }

    @Test
    void nothingWithoutANotifySocket() {
        Systemd systemd = Systemd.of(Map.of("WATCHDOG_USEC", "1000"), trouble::add);
        systemd.ready("nobody hears it");
        systemd.watch(_ -> {
            throw new IllegalStateException("nobody asked");
        });
        assertEquals(List.of(), trouble);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vsock:2:1", "relative", "@", "/"})
    void nothingAtAnAddressOfAnotherKind(String address) {
        Systemd.of(Map.of("NOTIFY_SOCKET", address), trouble::add).ready("nobody hears it");
        assertEquals(1, trouble.size(), trouble::toString);
        assertTrue(trouble.getFirst().contains("NOTIFY_SOCKET"), trouble::toString);
    }

    @Test
    void aManagerThatIsGoneIsTrouble() {
        String nobody = folder.resolve("nobody").toString();
        Systemd.of(Map.of("NOTIFY_SOCKET", nobody), trouble::add).ready("nobody hears it");
        assertEquals(List.of("systemd cannot be told READY=1: errno 2"), trouble);
    }

    @Test
    @DisplayName("the pulse: an answer that came through the listener")
    void pulseIsAnAnswerOfTheListener() throws Exception {
        try (Demo demo = Demo.ofChannels(0, dev.martlet.demo.DemoProviders.atOnce(), OutputStream.nullOutputStream())) {
            assertEquals(Beat.FELT, new OwnDoor("127.0.0.1", demo.port(), false).feel(PATIENCE));
            assertEquals(Beat.FELT, new OwnDoor("0.0.0.0", demo.port(), false).feel(PATIENCE));
            assertEquals(Beat.MISSED, new OwnDoor("127.0.0.1", demo.port(), true).feel(Duration.ofSeconds(2)));
        }
    }

    @Test
    @DisplayName("the pulse: the same behind TLS, whoever signed the certificate")
    void pulseIsAnAnswerBehindTls() throws Exception {
        ServerSettings.Certificate files = new TestAuthority(folder).files("listener");
        try (FakeProvider provider = FakeProvider.answering(FakeProvider.OK);
                Stage stage = new Stage(provider, settings -> settings.with(Optional.of(files)))) {
            assertEquals(Beat.FELT, OwnDoor.of(stage.gateway().settings(), stage.port()).feel(PATIENCE));
            assertEquals(Beat.MISSED, new OwnDoor("127.0.0.1", stage.port(), false).feel(Duration.ofSeconds(2)));
        }
    }

    @Test
    @DisplayName("L-11: no pulse when connections queue up and nobody accepts them; it has stopped when nobody listens")
    void noPulseWithoutAccept() throws IOException {
        OwnDoor door;
        try (var stuck = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            door = new OwnDoor("127.0.0.1", stuck.getLocalPort(), false);
            assertEquals(Beat.MISSED, door.feel(Duration.ofMillis(200)));
        }
        assertEquals(Beat.STOPPED, door.feel(PATIENCE));
    }

    private void tellsEachState(NotifySocket manager) throws IOException {
        Systemd systemd = Systemd.of(environment(manager, "WATCHDOG_USEC", ""), trouble::add);
        systemd.ready("on port 8080");
        assertEquals("READY=1\nSTATUS=on port 8080", manager.receive(PATIENCE));
        systemd.status("服务 ✓");
        assertEquals("STATUS=服务 ✓", manager.receive(PATIENCE));
        long before = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        systemd.reloading();
        String reloading = manager.receive(PATIENCE);
        assertTrue(reloading.matches("RELOADING=1\nMONOTONIC_USEC=\\d+"), reloading);
        long stamp = Long.parseLong(reloading.substring(reloading.lastIndexOf('=') + 1));
        assertTrue(before <= stamp && stamp <= TimeUnit.NANOSECONDS.toMicros(System.nanoTime()), reloading);
        systemd.stopping("draining", Duration.ofMinutes(10));
        assertEquals("STOPPING=1\nEXTEND_TIMEOUT_USEC=600000000\nSTATUS=draining", manager.receive(PATIENCE));
        assertEquals(List.of(), trouble);
    }

    /// The end begins, and then nobody listens: first without a word about it, then a mark and silence.
    private Beat stopsHere(Systemd systemd) {
        if (stopped.getAndSet(true)) return endsHere(systemd);
        systemd.stopping("ends", Duration.ZERO);
        return Beat.STOPPED;
    }

    /// After the pulse that did not beat: a mark, then silence.
    private static Beat endsHere(Systemd systemd) {
        systemd.status("after the pulse stopped");
        Thread.currentThread().interrupt();
        return Beat.MISSED;
    }

    private static Map<String, String> environment(NotifySocket manager, String name, String value) {
        return Map.of("NOTIFY_SOCKET", manager.address(), name, value);
    }
}
