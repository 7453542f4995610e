package dev.martlet.telemetry;

/// What is measured: the names are for dashboards and do not change. Labels are closed sets, or names that the operator chose.
enum Metric {
    CALLS("martlet_calls_total", "Calls that have ended, by how."),
    CALL_SECONDS("martlet_call_seconds", "How long calls took, from the head of the request to the end of the answer."),
    FIRST_BYTE_SECONDS("martlet_first_byte_seconds", "How long it took to the first byte of an answer."),
    REQUEST_BYTES("martlet_request_bytes_total", "Bytes of request bodies that were read."),
    ANSWER_BYTES("martlet_answer_bytes_total", "Bytes of answer bodies that were written."),
    ATTEMPTS("martlet_attempts_total", "Attempts, by target and what came of them."),
    FAILOVERS("martlet_failovers_total", "Attempts that followed another one of the same call."),
    WITHHELD(
            "martlet_failovers_withheld_total",
            "Failed attempts that none followed though there was another, by reason."),
    LANE_CALLS("martlet_lane_calls_total", "Calls to services, by the lane that was chosen and why."),
    LANE_FALLBACKS("martlet_lane_fallbacks_total", "Calls that went on in the edge lane after the background lane."),
    LANE_IN_FLIGHT("martlet_lane_in_flight", "Attempts that run now in a lane."),
    LANE_PLACES("martlet_lane_places", "Attempts that may run at the same time in a lane."),
    REFUSALS("martlet_refusals_total", "Calls that Martlet itself said no to, by reason."),
    BREAKER("martlet_breaker", "1 for the state that the breaker of a target is in."),
    CHANNEL_UP("martlet_channel_up", "1 for a channel that calls can go to."),
    KEYS("martlet_keys", "Keys of a channel, by the state that they are in."),
    ATTEMPTS_IN_FLIGHT("martlet_attempts_in_flight", "Attempts that run now."),
    CROWDED("martlet_crowded", "1 for a target that holds its share of all calls: others are tried before it."),
    TOKENS("martlet_tokens_total", "Tokens, as the providers counted them."),
    GEN_AI_TOKENS("gen_ai_client_token_usage", "Tokens of a call."),
    GEN_AI_SECONDS("gen_ai_client_operation_duration_seconds", "How long calls took that a model was asked in."),
    CALLS_IN_FLIGHT("martlet_calls_in_flight", "Calls that run now."),
    CALLS_IN_FLIGHT_MAX("martlet_calls_in_flight_max", "Calls that may run at the same time."),
    CONNECTIONS("martlet_connections", "Clients that are connected now."),
    CONNECTIONS_MAX("martlet_connections_max", "Clients that may be connected at the same time."),
    CONNECTIONS_REFUSED("martlet_connections_refused_total", "Connections that were closed because of too many."),
    RELOADS("martlet_config_reloads_total", "Reloads of the configuration."),
    RELOAD_FAILED(
            "martlet_config_reload_failed", "1 when the last reload failed, and the configuration before it counts."),
    KEYS_AT_NEXT_RESTART("martlet_config_keys_at_next_restart", "Changed keys that count from the next start."),
    LOG_LINES_DROPPED("martlet_log_lines_dropped_total", "Log lines lost because nobody read the log fast enough."),
    LOG_LINES_HELD_BACK(
            "martlet_log_lines_held_back_total", "Warnings not written because there were many of their kind."),
    CPU_SECONDS("martlet_cpu_seconds_total", "Processor time."),
    RESIDENT_BYTES("martlet_resident_bytes", "Memory that the process occupies."),
    HEAP_USED_BYTES("martlet_heap_used_bytes", "Java heap in use."),
    HEAP_MAX_BYTES("martlet_heap_max_bytes", "The most that the Java heap can be."),
    GC_COLLECTIONS("martlet_gc_collections_total", "Garbage collections."),
    GC_SECONDS("martlet_gc_seconds_total", "How long garbage collections took."),
    THREADS("martlet_threads", "Platform threads; virtual ones are not counted."),
    OPEN_FILES("martlet_open_files", "Files and sockets that are open."),
    OPEN_FILES_MAX("martlet_open_files_max", "Files and sockets that may be open."),
    UPTIME_SECONDS("martlet_uptime_seconds", "Time since the start."),
    BUILD("martlet_build_info", "1, with the version of Martlet and of Java.");

    private final String text;
    private final String help;

    Metric(String text, String help) {
        this.text = text;
        this.help = help;
    }

    String text() {
        return text;
    }

    /// A sentence.
    String help() {
        return help;
    }
}
