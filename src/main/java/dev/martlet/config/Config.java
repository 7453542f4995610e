package dev.martlet.config;

import dev.martlet.Catalog;
import dev.martlet.server.ServerSettings;
import dev.martlet.telemetry.TelemetrySettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A checked configuration: what every room starts with.
///
/// @param notes   for the log at start: where each value that is not a default came from, and what had no effect
/// @param written to tell it from another reading
public record Config(
        ServerSettings server, TelemetrySettings telemetry, Catalog catalog, List<String> notes, Written written) {
    public Config {
        notes = List.copyOf(notes);
    }

    /// One that nobody wrote down.
    public Config(ServerSettings server, TelemetrySettings telemetry, Catalog catalog, List<String> notes) {
        this(server, telemetry, catalog, notes, Written.NOTHING);
    }

    /// Reads everything there is. A value in the YAML file wins over the process environment, which wins over the
    /// dotenv file.
    ///
    /// @param file    the YAML file; without one every default holds. A file that is named must be readable
    /// @param envFile the dotenv file; the same
    /// @throws ConfigInvalid with every problem there is, not only the first
    public static Config load(Optional<Path> file, Map<String, String> environment, Optional<Path> envFile)
            throws ConfigInvalid {
        Findings findings = new Findings();
        Variables variables = Variables.read(environment, envFile, findings);
        Reading reading = new Reading(file.map(Path::toString).orElse(""), variables, findings);
        Section root = YamlFile.read(file, reading);
        ServerSettings server = ServerKeys.read(root.section("server"));
        Catalog catalog = CatalogKeys.read(root, reading, poolHint(file, envFile));
        TelemetrySettings telemetry = TelemetryKeys.read(root.section("log"));
        root.refuseUnknown();
        variables.noteUnread(findings);
        findings.refuse();
        return new Config(server, telemetry, catalog, findings.notes(), findings.written());
    }

    private static String poolHint(Optional<Path> file, Optional<Path> envFile) {
        String inEnvFile = envFile.map(path -> " or in " + path).orElse("");
        String yamlFile = file.map(Path::toString).orElse("a file named by --config");
        return "set SERVICE_1 and SERVICE_2 in the environment"
                + inEnvFile
                + ", or transparent.services or channels in "
                + yamlFile;
    }
}
