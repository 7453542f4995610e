package dev.martlet.telemetry;

import static dev.martlet.KeyCondition.State.AVAILABLE;
import static dev.martlet.KeyCondition.State.CIRCUIT_BROKEN;
import static dev.martlet.KeyCondition.State.DEAD;
import static dev.martlet.KeyCondition.State.RESTING;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.CallRecord;
import dev.martlet.Cause;
import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Condition.State;
import dev.martlet.Crowding;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.Operation;
import dev.martlet.Refusal;
import dev.martlet.Reloads;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;
import dev.martlet.Surface;
import dev.martlet.Tried;
import dev.martlet.Usage;
import dev.martlet.telemetry.TelemetrySettings.Format;

import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.MetricsFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

class MetersTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "((?:martlet|gen_ai)_[a-z_]+)(\\{[a-z_]+=\"[^\"]*\"(?:,[a-z_]+=\"[^\"]*\")*\\})? [0-9.E+-]+");

    private final Log log = new Log(OutputStream.nullOutputStream(), Format.TEXT, System::nanoTime);
    private List<Condition> conditions = List.of(condition("a", State.CLOSED), condition("b", State.OPEN));
    private List<ChannelStates> channels = List.of();
    private final Meters meters = new Meters(surroundings(), log);

    @AfterEach
    void forgetsItsMeters() {
        meters.close();
        log.close();
    }

    @Test
    void countsCallsByHowTheyWent() {
        meters.count(call("GET", 200, Ending.COMPLETE));
        meters.count(call("GET", 200, Ending.COMPLETE));
        meters.count(call("PROPFIND", 501, Ending.REFUSED));
        meters.count(call("POST", 499, Ending.CLIENT_LEFT_WAITING));
        String calls = "martlet_calls_total{surface=\"transparent\",method=\"";
        assertSamples(
                calls + "GET\",status=\"2xx\",ending=\"complete\"} 2",
                calls + "OTHER\",status=\"5xx\",ending=\"refused\"} 1",
                calls + "POST\",status=\"none\",ending=\"client_left_waiting\"} 1",
                calls + "POST\",status=\"2xx\",ending=\"complete\"} 0");
    }

    @Test
    void countsAttemptsFailoversBytesAndTime() {
        List<Tried> trail =
                List.of(new Tried("a", new Signal.Unreachable(Cause.DNS), 1), new Tried("b", new Signal.Good(204), 1));
        meters.count(call("GET", 204, Ending.COMPLETE, trail, Optional.empty()));
        String of = "{surface=\"transparent\"} ";
        assertSamples(
                "martlet_attempts_total{target=\"a\",kind=\"pool\",signal=\"dns\"} 1",
                "martlet_attempts_total{target=\"b\",kind=\"pool\",signal=\"2xx\"} 1",
                "martlet_attempts_total{target=\"a\",kind=\"pool\",signal=\"2xx\"} 0",
                "martlet_failovers_total" + of + "1",
                "martlet_request_bytes_total" + of + "10",
                "martlet_answer_bytes_total" + of + "2048",
                "martlet_call_seconds_bucket{surface=\"transparent\",le=\"0.5\"} 0",
                "martlet_call_seconds_bucket{surface=\"transparent\",le=\"1\"} 1",
                "martlet_call_seconds_bucket{surface=\"transparent\",le=\"3600\"} 1",
                "martlet_call_seconds_bucket{surface=\"transparent\",le=\"+Inf\"} 1",
                "martlet_call_seconds_sum" + of + "0.75",
                "martlet_call_seconds_count" + of + "1",
                "martlet_first_byte_seconds_bucket{surface=\"transparent\",le=\"0.25\"} 0",
                "martlet_first_byte_seconds_bucket{surface=\"transparent\",le=\"0.5\"} 1");
    }

    @Test
    void countsRefusalsByReason() {
        Refusal why = new Refusal.BodyTooLarge(1);
        meters.count(call("POST", 413, Ending.REFUSED, List.of(), Optional.of(why)));
        assertSamples(
                "martlet_refusals_total{reason=\"body_too_large\"} 1",
                "martlet_refusals_total{reason=\"not_found\"} 0");
    }

    @Test
    @DisplayName("U-41 a failover that was withheld is counted by its reason")
    void countsWithheldFailovers() {
        CallRecord call =
                new CallRecord(
                        "id-1",
                        Surface.TRANSPARENT,
                        "POST",
                        "/v1/files",
                        "192.0.2.7",
                        503,
                        List.of(new Tried("a", new Signal.Failed(503), 1)),
                        Optional.empty(),
                        Optional.of(Halt.REPLAY_TOO_LARGE),
                        2 << 20,
                        10,
                        OptionalLong.of(5),
                        5,
                        Ending.COMPLETE,
                        Optional.empty(),
                        Optional.empty());
        meters.count(call);
        assertSamples(
                "martlet_failovers_withheld_total{reason=\"replay_too_large\"} 1",
                "martlet_failovers_withheld_total{reason=\"retry_budget\"} 0");
    }

    @Test
    void showsTheTargetsThatThereAre() {
        assertSamples(
                "martlet_breaker{target=\"a\",state=\"closed\"} 1",
                "martlet_breaker{target=\"b\",state=\"open\"} 1",
                "martlet_breaker{target=\"b\",state=\"half_open\"} 0",
                "martlet_attempts_in_flight{target=\"a\",kind=\"pool\"} 7",
                "martlet_crowded{target=\"b\",kind=\"pool\"} 0");
        conditions = List.of(condition("b", State.HALF_OPEN), condition("c\"\\", State.CLOSED));
        assertSamples(
                "martlet_breaker{target=\"b\",state=\"half_open\"} 1",
                "martlet_crowded{target=\"b\",kind=\"pool\"} 1",
                "martlet_breaker{target=\"c\\\"\\\\\",state=\"closed\"} 1");
        assertFalse(meters.text().contains("martlet_breaker{target=\"a\""));
        assertFalse(meters.text().contains("martlet_attempts_in_flight{target=\"a\""));
    }

    @Test
    void showsTheChannelsThatThereAreAndHowTheirKeysAre() {
        Condition.Load load = new Condition.Load(3, false);
        channels =
                List.of(
                        new ChannelStates("one", true, load, Map.of(AVAILABLE, 2, DEAD, 1)),
                        new ChannelStates("two", false, load, Map.of(CIRCUIT_BROKEN, 1)));
        assertSamples(
                "martlet_channel_up{target=\"one\"} 1",
                "martlet_channel_up{target=\"two\"} 0",
                "martlet_keys{target=\"one\",state=\"available\"} 2",
                "martlet_keys{target=\"one\",state=\"dead\"} 1",
                "martlet_keys{target=\"one\",state=\"resting\"} 0",
                "martlet_keys{target=\"two\",state=\"circuit_broken\"} 1",
                "martlet_attempts_in_flight{target=\"two\",kind=\"channel\"} 3");
        channels = List.of(new ChannelStates("one", true, load, Map.of(RESTING, 3)));
        assertSamples("martlet_keys{target=\"one\",state=\"resting\"} 3");
        assertFalse(meters.text().contains("target=\"two\""));
    }

    @Test
    void aChannelAndServicesOfTheSameNameAreApart() {
        channels = List.of(new ChannelStates("a", true, new Condition.Load(3, true), Map.of(AVAILABLE, 1)));
        meters.count(asking("m", List.of(new Tried("a/key-1", new Signal.Good(200), 1)), Optional.empty()));
        List<Tried> trail = List.of(new Tried("a", new Signal.Good(200), 1));
        meters.count(call("GET", 200, Ending.COMPLETE, trail, Optional.empty()));
        String inFlight = "martlet_attempts_in_flight{target=\"a\",kind=\"";
        assertSamples(
                "martlet_attempts_total{target=\"a\",kind=\"channel\",signal=\"2xx\"} 1",
                "martlet_attempts_total{target=\"a\",kind=\"pool\",signal=\"2xx\"} 1",
                inFlight + "channel\"} 3",
                inFlight + "pool\"} 7");
        conditions = List.of();
        assertSamples(inFlight + "channel\"} 3", "martlet_crowded{target=\"a\",kind=\"channel\"} 1");
        assertFalse(meters.text().contains(inFlight + "pool"));
    }

    @Test
    @DisplayName("O-16 channels that are too many are counted together")
    void showsTooManyChannelsAsOne() {
        channels =
                IntStream.range(0, 1000)
                        .mapToObj(i ->
                                new ChannelStates(
                                        "channel-" + i, i != 999, new Condition.Load(1, false), Map.of(AVAILABLE, 10)))
                        .toList();
        assertSamples(
                "martlet_keys{target=\"channel-255\",state=\"available\"} 10",
                "martlet_keys{target=\"others\",state=\"available\"} 7440",
                "martlet_attempts_in_flight{target=\"others\",kind=\"channel\"} 744",
                "martlet_channel_up{target=\"others\"} 0");
        assertTrue(meters.text().length() < 1 << 20);
    }

    @Test
    void measuresTheUseOfModels() {
        List<Tried> trail =
                List.of(
                        new Tried("one/key-1", new Signal.Throttled(Optional.empty(), true), 1),
                        new Tried("two/key-7", new Signal.Good(200), 1));
        meters.count(asking("named-1", trail, Optional.of(new Usage(70, 30, 20, 5))));
        meters.count(asking("whatever", trail, Optional.empty()));
        meters.count(asking("named-1", List.of(), Optional.empty()));
        String of = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"two\",gen_ai_request_model=\"";
        assertSamples(
                "martlet_attempts_total{target=\"one\",kind=\"channel\",signal=\"quota\"} 2",
                "martlet_attempts_total{target=\"two\",kind=\"channel\",signal=\"2xx\"} 2",
                "martlet_tokens_total{target=\"two\",type=\"input\"} 70",
                "martlet_tokens_total{target=\"two\",type=\"cached\"} 30",
                "martlet_tokens_total{target=\"two\",type=\"output\"} 20",
                "martlet_tokens_total{target=\"two\",type=\"reasoning\"} 5",
                "gen_ai_client_token_usage_sum" + of + "named-1\",gen_ai_token_type=\"input\"} 70",
                "gen_ai_client_token_usage_bucket" + of + "named-1\",gen_ai_token_type=\"input\",le=\"64\"} 0",
                "gen_ai_client_token_usage_bucket" + of + "named-1\",gen_ai_token_type=\"input\",le=\"256\"} 1",
                "gen_ai_client_token_usage_bucket" + of + "named-1\",gen_ai_token_type=\"output\",le=\"64\"} 1",
                "gen_ai_client_token_usage_count" + of + "named-1\",gen_ai_token_type=\"output\"} 1",
                "gen_ai_client_operation_duration_seconds_bucket" + of + "named-1\",le=\"0.64\"} 0",
                "gen_ai_client_operation_duration_seconds_bucket" + of + "named-1\",le=\"1.28\"} 1",
                "gen_ai_client_operation_duration_seconds_count" + of + "other\"} 1");
    }

    @Test
    @DisplayName("O-16 100,000 names of models and keys stay below 1 MiB, and become no label")
    void isBoundedWhateverModelsCallersAskFor() {
        for (int i = 0; i < 100_000; i++) {
            List<Tried> trail = List.of(new Tried("channel-" + i % 500 + "/sk-fake-" + i, new Signal.Good(200), 1));
            String model = i % 2 == 0 ? "named-" + i : "free-" + i;
            meters.count(asking(model, trail, Optional.of(new Usage(1, 0, 1, 0))));
        }
        String text = meters.text();
        assertTrue(text.length() < 1 << 20, text.length() + " bytes");
        assertFalse(text.contains("free-") || text.contains("sk-fake"));
        String rest = "gen_ai_provider_name=\"others\",gen_ai_request_model=\"other\"";
        assertTrue(text.contains(rest), "the rest is counted together");
        long series =
                text.lines().filter(line -> line.startsWith("gen_ai_client_operation_duration_seconds_sum")).count();
        assertEquals(ModelMeters.SERIES_MAX + 1, series);
    }

    @Test
    void showsHowFullItIsAndHowReloadsWent() {
        assertSamples(
                "martlet_connections 3",
                "martlet_connections_max 9",
                "martlet_connections_refused_total 5",
                "martlet_calls_in_flight 2",
                "martlet_calls_in_flight_max 8",
                "martlet_config_reloads_total{result=\"done\"} 4",
                "martlet_config_reloads_total{result=\"failed\"} 1",
                "martlet_config_reload_failed 1",
                "martlet_config_keys_at_next_restart 2",
                "martlet_log_lines_dropped_total 0",
                "martlet_build_info{version=\"1.2.3\",java=\"" + Runtime.version() + "\"} 1");
    }

    @Test
    @DisplayName("the text is Prometheus's: each family described once, before its samples, with its type")
    void isWellFormed() {
        meters.count(
                asking("named", List.of(new Tried("a", new Signal.Good(200), 1)), Optional.of(new Usage(1, 0, 1, 0))));
        channels = List.of(new ChannelStates("a", true, new Condition.Load(0, false), Map.of()));
        String family = "";
        Set<String> seen = new TreeSet<>();
        for (String line : meters.text().lines().toList()) {
            if (line.startsWith("# HELP ")) {
                family = line.split(" ", 4)[2];
                assertTrue(seen.add(family), "twice: " + family);
            } else if (line.startsWith("# TYPE ")) {
                String type = line.split(" ", 4)[3];
                assertEquals(family.endsWith("_total"), type.equals("counter"), line);
                assertEquals(family, line.split(" ", 4)[2]);
            } else {
                assertTrue(SAMPLE.matcher(line).matches() || line.contains("le="), line);
                assertTrue(line.startsWith(family), line + " is not of " + family);
            }
        }
        assertEquals(
                Arrays.stream(Metric.values()).map(Metric::text).collect(java.util.stream.Collectors.toSet()), seen);
    }

    @Test
    void theProcessIsMeasured() {
        for (Metric metric :
                List.of(
                        Metric.CPU_SECONDS,
                        Metric.RESIDENT_BYTES,
                        Metric.HEAP_USED_BYTES,
                        Metric.HEAP_MAX_BYTES,
                        Metric.THREADS,
                        Metric.OPEN_FILES,
                        Metric.OPEN_FILES_MAX,
                        Metric.UPTIME_SECONDS)) {
            assertTrue(sample(metric) > 0, metric.text());
        }
    }

    @Test
    void gatewaysOfOneProcessDoNotSeeEachOther() {
        try (Meters others = new Meters(surroundings(), log)) {
            others.count(call("GET", 200, Ending.COMPLETE));
            assertTrue(others.text().contains("ending=\"complete\"} 1"));
            assertFalse(meters.text().contains("ending=\"complete\"} 1"));
        }
        meters.count(call("GET", 200, Ending.COMPLETE));
        assertTrue(meters.text().contains("ending=\"complete\"} 1"));
    }

    @Test
    void aGatewayThatIsClosedLeavesNothingInTheRegistry() {
        MeterRegistry registry = MetricsFactory.getInstance().globalRegistry();
        int before = registry.meters().size();
        Meters others = new Meters(surroundings(), log);
        others.count(call("GET", 200, Ending.COMPLETE));
        assertTrue(registry.meters().size() > before);
        others.close();
        assertEquals(before, registry.meters().size());
    }

    @Test
    @DisplayName("O-16: 100,000 paths, ids, addresses and methods, and targets that come and go, stay below 1 MiB")
    void isBoundedWhateverCallersSend() {
        Signal[] signals = {new Signal.Good(200), new Signal.Failed(503), new Signal.Refused(404)};
        for (int i = 0; i < 100_000; i++) {
            Cause cause = cycled(List.of(Cause.values()), i);
            Signal signal = i % 4 == 3 ? new Signal.Broken(cause) : signals[i % 4];
            CallRecord call =
                    new CallRecord(
                            "id-" + i,
                            cycled(List.of(Surface.values()), i),
                            "M" + i % 1000,
                            "/path/" + i,
                            "10.0." + i / 256 % 256 + "." + i % 256,
                            100 + i % 900,
                            List.of(new Tried("target-" + i, signal, 1)),
                            Optional.empty(),
                            Optional.empty(),
                            1,
                            1,
                            OptionalLong.empty(),
                            1,
                            cycled(List.of(Ending.values()), i),
                            Optional.empty(),
                            Optional.empty());
            meters.count(call);
            if (i % 1000 == 0) conditions = List.of(condition("target-" + i, State.OPEN));
            if (i % 1000 == 0) meters.text();
        }
        String text = meters.text();
        assertTrue(text.length() < 1 << 20, text.length() + " bytes");
        assertTrue(text.contains("martlet_attempts_total{target=\"others\""), "the rest is counted together");
        assertFalse(text.contains("/path/") || text.contains("id-") || text.contains("10.0."));
    }

    @Test
    void theReadmesNameEveryMetric() throws IOException {
        for (String readme : List.of("README.md", "README.zh-CN.md")) {
            String text = Files.readString(Path.of(readme));
            for (Metric metric : Metric.values()) {
                assertTrue(text.contains("`" + metric.text()), metric.text() + " is not in " + readme);
            }
        }
    }

    private static <T> T cycled(List<T> of, int i) {
        return of.get(i % of.size());
    }

    private double sample(Metric metric) {
        String start = metric.text() + " ";
        String line = meters.text().lines().filter(one -> one.startsWith(start)).findFirst().orElseThrow();
        return Double.parseDouble(line.substring(start.length()));
    }

    private void assertSamples(String... lines) {
        Set<String> all = Set.copyOf(meters.text().lines().toList());
        for (String line : lines) assertTrue(all.contains(line), line + " is missing in\n" + String.join("\n", all));
    }

    private Surroundings surroundings() {
        Crowding crowding = new Crowding(3, 9, 5, 2, 8);
        Reloads reloads = new Reloads(4, 1, true, Optional.of(Instant.EPOCH), 2, List.of("server.port", "server.host"));
        return new Surroundings("1.2.3", upstreams(), () -> crowding, () -> reloads);
    }

    private Upstreams upstreams() {
        return new Upstreams() {
            @Override
            public List<String> namedServices() {
                return List.of();
            }

            @Override
            public List<Condition> services() {
                return conditions;
            }

            @Override
            public List<ChannelStates> channels() {
                return channels;
            }

            @Override
            public List<ChannelCondition> keys() {
                throw new AssertionError("too much for metrics");
            }

            @Override
            public int inLane(Lane lane) {
                return 3;
            }

            @Override
            public int placesInLane(Lane lane) {
                return 7;
            }

            @Override
            public RoutingPolicy.Strategy strategy() {
                return RoutingPolicy.Strategy.ROUND_ROBIN;
            }

            @Override
            public boolean isNamed(String model) {
                return model.startsWith("named");
            }

            @Override
            public Optional<String> exampleModel() {
                return Optional.empty();
            }
        };
    }

    private static Condition condition(String name, State state) {
        return new Condition(name, state, Optional.of(Duration.ZERO), new Condition.Load(7, state == State.HALF_OPEN));
    }

    private static CallRecord asking(String model, List<Tried> trail, Optional<Usage> usage) {
        return new CallRecord(
                "id-1",
                Surface.OPENAI,
                "POST",
                "/v1/chat/completions",
                "192.0.2.7",
                200,
                trail,
                Optional.empty(),
                Optional.empty(),
                10,
                2048,
                OptionalLong.of(300),
                750,
                Ending.COMPLETE,
                Optional.of(new CallRecord.Use(Operation.Kind.CHAT, model, usage)),
                Optional.empty());
    }

    private static CallRecord call(String method, int status, Ending ending) {
        return call(method, status, ending, List.of(), Optional.empty());
    }

    private static CallRecord call(
            String method, int status, Ending ending, List<Tried> trail, Optional<Refusal> refused) {
        return new CallRecord(
                "id-1",
                Surface.TRANSPARENT,
                method,
                "/v1/models",
                "192.0.2.7",
                status,
                trail,
                refused,
                Optional.empty(),
                10,
                2048,
                OptionalLong.of(300),
                750,
                ending,
                Optional.empty(),
                Optional.empty());
    }
}
