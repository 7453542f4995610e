package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

@DisplayName("systemd is told")
class SystemdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<String> trouble = new CopyOnWriteArrayList<>();

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
        BlockingQueue<Boolean> pulse = new LinkedBlockingQueue<>(List.of(true, true, false));
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
    void nothingWhenTheWatchdogIsMeantForAnotherProcess() throws IOException {
        try (NotifySocket manager = NotifySocket.at(folder.resolve("notify").toString())) {
            Map<String, String> environment =
                    Map.of("NOTIFY_SOCKET", manager.address(), "WATCHDOG_USEC", "30000", "WATCHDOG_PID", "1");
            Systemd systemd = Systemd.of(environment, trouble::add);
            systemd.watch(_ -> true);
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
        try (Demo demo = new Demo(0, dev.martlet.demo.DemoProviders.atOnce(), OutputStream.nullOutputStream())) {
            assertTrue(new OwnDoor("127.0.0.1", demo.port(), false).beats(PATIENCE));
            assertTrue(new OwnDoor("0.0.0.0", demo.port(), false).beats(PATIENCE));
            assertFalse(new OwnDoor("127.0.0.1", demo.port(), true).beats(Duration.ofSeconds(2)));
        }
    }

    @Test
    @DisplayName("L-11: no pulse when connections queue up and nobody accepts them")
    void noPulseWithoutAccept() throws IOException {
        try (var stuck = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress())) {
            assertFalse(new OwnDoor("127.0.0.1", stuck.getLocalPort(), false).beats(Duration.ofMillis(200)));
        }
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

    /// After the pulse that did not beat: a mark, then silence.
    private static boolean endsHere(Systemd systemd) {
        systemd.status("after the pulse stopped");
        Thread.currentThread().interrupt();
        return false;
    }

    private static Map<String, String> environment(NotifySocket manager, String name, String value) {
        return Map.of("NOTIFY_SOCKET", manager.address(), name, value);
    }
}
