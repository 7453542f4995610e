package dev.martlet.app;

import com.sun.management.ThreadMXBean;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A gateway and nothing else in a process, which tells how much it has allocated. Its compiler never optimizes an object
/// away, and its collector has nothing to do: the same calls allocate the same.
final class MeteredGateway implements AutoCloseable {
    private static final List<String> FLAGS =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xms512m",
                    "-Xmn400m",
                    "-XX:+UseCompactObjectHeaders",
                    "-Djdk.virtualThreadScheduler.parallelism=1");

    private final Process process;
    private final BufferedReader answers;
    private final int port;

    /// Of the transparent surface.
    ///
    /// @param upstream the port of its two services
    static MeteredGateway ofServices(int upstream) throws IOException {
        String service = "http://127.0.0.1:" + upstream;
        return new MeteredGateway("transparent: {services: [" + service + ", " + service + "/]}");
    }

    /// Of a channel for the model `a`, which has another name there.
    static MeteredGateway ofChannel(int upstream) throws IOException {
        return new MeteredGateway(
                "clients: {required: never}\nchannels: [{name: one, url: \"http://127.0.0.1:"
                        + upstream
                        + "/v1\", keys: [sk-fake-1], models: [\"a: up-a\"]}]");
    }

    private MeteredGateway(String yaml) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(FLAGS);
        builder.command().addAll(List.of("-cp", System.getProperty("java.class.path"), getClass().getName()));
        builder.command().add(yaml);
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = process.inputReader();
        port = Math.toIntExact(answer());
    }

    /// The process: prints the port, then for each byte of its input how many bytes of heap all its threads have taken so
    /// far. It ends with its input.
    public static void main(String[] arguments) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Gateway gateway = YamlGateway.start(arguments[0], Map.of(), OutputStream.nullOutputStream())) {
            System.out.println(gateway.port());
            while (System.in.read() >= 0) System.out.println(threads.getTotalThreadAllocatedBytes());
        }
    }

    int port() {
        return port;
    }

    /// What it has allocated so far, in bytes.
    long allocated() throws IOException {
        process.getOutputStream().write('?');
        process.getOutputStream().flush();
        return answer();
    }

    private long answer() throws IOException {
        String line = answers.readLine();
        if (line == null) throw new IOException("the gateway's process has ended");
        return Long.parseLong(line);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
