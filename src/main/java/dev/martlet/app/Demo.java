package dev.martlet.app;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;
import dev.martlet.demo.DemoProviders;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A gateway with made-up providers behind it: for the first minute, and for the self-test. On loopback only.
final class Demo implements AutoCloseable {
    private final DemoProviders providers;
    private final Gateway gateway;
    private final String configuration;

    /// With the providers as channels, so that calls are routed by model.
    ///
    /// @param port 0 picks a free one
    /// @throws UncheckedIOException if the port cannot be had
    static Demo ofChannels(int port, DemoProviders providers, OutputStream log) throws ConfigInvalid {
        return new Demo(configured(port, channels(providers)), providers, log);
    }

    /// With the providers as the pool of the transparent surface, so that everything is forwarded as it comes.
    ///
    /// @param port 0 picks a free one
    /// @throws UncheckedIOException if the port cannot be had
    static Demo ofPool(int port, DemoProviders providers, OutputStream log) throws ConfigInvalid {
        return new Demo(configured(port, pool(providers)), providers, log);
    }

    private Demo(String configuration, DemoProviders providers, OutputStream log) throws ConfigInvalid {
        this.providers = providers;
        this.configuration = configuration;
        gateway = new Gateway(read(configuration), log);
        try {
            gateway.start();
        } catch (UncheckedIOException e) {
            close();
            throw e;
        }
    }

    int port() {
        return gateway.port();
    }

    /// What a newcomer reads before the log begins.
    String welcome() {
        return """
        Martlet's demo: the gateway on http://127.0.0.1:%1$d with four made-up providers behind it.
        No account, no cost, and nothing leaves this machine. Try in another terminal:

        1. a call
           curl http://127.0.0.1:%1$d/v1/chat/completions -H 'Content-Type: application/json' \\
             -d '{"model": "demo-large", "messages": [{"role": "user", "content": "Why do swallows fly so low?"}]}'

        2. a stream, an event every 30 ms
           curl -N http://127.0.0.1:%1$d/v1/chat/completions -H 'Content-Type: application/json' \\
             -d '{"model": "demo-large", "stream": true, "messages": [{"role": "user", "content": "And martlets?"}]}'

        3. a failover: every third call that one of two gets fails. No caller notices: twenty times 200
           for i in $(seq 20); do curl -s -o /dev/null -w '%%{http_code} ' http://127.0.0.1:%1$d/v1/chat/completions \\
             -H 'Content-Type: application/json' -d '{"model": "demo-large", "messages": [{"role": "user", "content": "Hi"}]}'; done; echo

        4. the same, of a provider that speaks Anthropic's format; demo-pro is one of Gemini's
           curl http://127.0.0.1:%1$d/v1/chat/completions -H 'Content-Type: application/json' \\
             -d '{"model": "demo-sonnet", "messages": [{"role": "user", "content": "Do swallows sleep?"}]}'

        Then look at the log below. A line a call; one with two tries in its trail, such as
           trail=[moody/key-1:503(31ms),steady/key-2:200(31ms)]
        is a call that one provider failed and the other answered. http://127.0.0.1:%1$d/health tells how all is.

        The configuration it runs with:
        %2$s
        Ctrl-C ends it.

        """
                .formatted(port(), configuration.indent(3).stripTrailing());
    }

    @Override
    public void close() {
        gateway.close();
        providers.close();
    }

    private static String configured(int port, String upstreams) {
        return """
        server:
          host: 127.0.0.1
          port: %d
        %s\
        """
                .formatted(port, upstreams);
    }

    private static String channels(DemoProviders providers) {
        return """
        channels:
          - name: steady
            url: %s
            keys: [sk-fake-one, sk-fake-two]
            models: [demo-large, demo-small]
          - name: moody
            url: %s
            keys: [sk-fake-three]
            models: [demo-large]
          - name: claude
            url: %s
            dialect: anthropic
            keys: [sk-fake-four]
            models: [demo-sonnet]
          - name: gemini
            url: %s
            dialect: gemini
            keys: [sk-fake-five]
            models: [demo-pro]
        aliases:
          fast: demo-small
        """
                .formatted(
                        plain(providers.steady()),
                        plain(providers.moody()),
                        plain(providers.anthropic()),
                        plain(providers.gemini()));
    }

    private static String pool(DemoProviders providers) {
        return """
        transparent:
          services: [%s, %s]
        """
                .formatted(plain(providers.steady()), plain(providers.moody()));
    }

    private static String plain(URI address) {
        return '"' + address.toString() + '"';
    }

    /// Through a file, the way of every other configuration; nothing tells of it, for it is gone afterwards.
    private static Config read(String configuration) throws ConfigInvalid {
        try {
            Path file = Files.createTempFile("martlet-demo", ".yaml");
            try {
                Optional<Path> written = Optional.of(Files.writeString(file, configuration));
                Config config = Config.load(written, Map.of(), Optional.empty());
                return new Config(config.server(), config.telemetry(), config.catalog(), List.of());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
