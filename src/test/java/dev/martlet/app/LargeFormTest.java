package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.RawClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Forms that are larger than all of the memory, in a process that has only so much.
@Timeout(120)
class LargeFormTest {
    private static final int MEBIBYTES = 100;
    private static final String ANSWER = "{\"text\":\"hello\"}";
    private static final String BEFORE = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    private static final String MODEL = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";

    private final AtomicLong arrived = new AtomicLong();
    private final FakeProvider provider =
            new FakeProvider(peer -> {
                for (var head = peer.head(); head.isPresent(); head = peer.head()) {
                    arrived.set(peer.drain(head.get()));
                    peer.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n" + ANSWER);
                }
            });

    @TempDir private Path folder;

    private Path state = Path.of("/");

    @BeforeEach
    void makesADirectoryForState() throws IOException {
        state = Files.createDirectory(folder.resolve("state"));
    }

    @AfterEach
    void closes() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a form of 100 MiB passes through a heap of 32 MiB, from a file or as it comes")
    void isNotHeld(boolean fileFirst) throws IOException {
        try (MartletProcess gateway = gateway()) {
            Answer answer = upload(gateway.port(), fileFirst);
            assertEquals(200, answer.status(), answer::body);
            assertEquals(ANSWER, answer.body());
            assertEquals(length(fileFirst) - "m".length() + "upstream".length(), arrived.get());
            assertEquals(0, namesInState());
        }
    }

    @Test
    @DisplayName("a disk that takes nothing is said so, and does not concern a form that need not be kept")
    void theDiskFails() throws IOException {
        try (MartletProcess gateway = gateway()) {
            Files.delete(state);
            Answer answer = upload(gateway.port(), true);
            assertEquals(507, answer.status(), answer::body);
            assertTrue(answer.body().contains("\"code\":\"storage_failed\""), answer::body);
            assertTrue(answer.body().contains("put `model` before the file"), answer::body);
            assertEquals(0, provider.connections());
            assertEquals(200, upload(gateway.port(), false).status());
        }
    }

    private MartletProcess gateway() throws IOException {
        String yaml =
                "server: {host: 127.0.0.1, port: 0}\nchannels: [{name: one, keys: [sk-fake], models: [\"m: upstream\"],"
                        + (" url: \"http://127.0.0.1:" + provider.port() + "/v1\"}]\n");
        return new MartletProcess(folder, yaml, Map.of("STATE_DIRECTORY", state.toString()), "-Xmx32m");
    }

    private static Answer upload(int port, boolean fileFirst) {
        try (RawClient client = new RawClient(port)) {
            String head =
                    "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                            + length(fileFirst)
                            + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n";
            client.upload(head + begin(fileFirst), new byte[1 << 20], MEBIBYTES, end(fileFirst));
            return client.read();
        }
    }

    private static long length(boolean fileFirst) {
        return begin(fileFirst).length() + ((long) MEBIBYTES << 20) + end(fileFirst).length();
    }

    private static String begin(boolean fileFirst) {
        return fileFirst ? BEFORE : MODEL + BEFORE;
    }

    private static String end(boolean fileFirst) {
        return "\r\n" + (fileFirst ? MODEL : "") + "--b--\r\n";
    }

    private long namesInState() throws IOException {
        try (var names = Files.list(state)) {
            return names.count();
        }
    }
}
