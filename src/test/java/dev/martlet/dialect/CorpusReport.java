package dev.martlet.dialect;

import static java.util.stream.Collectors.joining;

import dev.martlet.dialect.Finding.Outcome;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What became of the recorded exchanges, for people.
final class CorpusReport {
    private static final int SHOWN_MAX = 10_000;

    private CorpusReport() {}

    /// @param known the findings that are exceptions, with their reasons
    static String of(List<Finding> findings, Map<String, String> known) {
        StringBuilder report = new StringBuilder("# Recorded traffic, translated\n\n");
        report.append("`same`: valid and equal to what was recorded; `refused`: by name, as it cannot be said there;");
        report.append(" `excepted`: listed with a reason in exceptions.txt.\n");
        table(report, "By dialect", findings, known, one -> one.exchange().dialect().word());
        table(report, "By provider", findings, known, one -> one.exchange().api() + " " + one.exchange().provider());
        section(report, "Refused", refusals(findings));
        section(report, "Different", differences(findings, known));
        return report.toString();
    }

    private static void table(
            StringBuilder report,
            String title,
            List<Finding> findings,
            Map<String, String> known,
            Function<Finding, String> group) {
        Map<String, int[]> rows = new TreeMap<>();
        for (Finding one : findings) {
            String way = one.other() == one.exchange().dialect() ? "–" : one.other().word();
            String row = group.apply(one) + " | " + one.check().word() + " | " + way;
            rows.computeIfAbsent(row, _ -> new int[4])[column(one, known)]++;
        }
        report.append("\n## ")
                .append(title)
                .append("\n\n| from | check | to | same | refused | excepted | different |\n");
        report.append("|---|---|---|--:|--:|--:|--:|\n");
        rows.forEach((row, counts) -> {
            report.append("| ").append(row);
            for (int count : counts) report.append(" | ").append(count);
            report.append(" |\n");
        });
    }

    private static int column(Finding finding, Map<String, String> known) {
        return switch (finding.outcome()) {
            case Outcome.Same _ -> 0;
            case Outcome.Refused _ -> 1;
            case Outcome.Different _ -> known.containsKey(finding.name()) ? 2 : 3;
        };
    }

    private static Collection<String> refusals(List<Finding> findings) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Finding one : findings) {
            if (one.outcome() instanceof Outcome.Refused(String param, String message)) {
                String way = one.exchange().dialect().word() + " to " + one.other().word();
                counts.merge(way + ": `" + param + "`: " + message, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream().map(one -> one.getValue() + " × " + one.getKey()).toList();
    }

    private static Collection<String> differences(List<Finding> findings, Map<String, String> known) {
        return findings.stream()
                .filter(one -> one.outcome() instanceof Outcome.Different && !known.containsKey(one.name()))
                .map(CorpusReport::line)
                .toList();
    }

    static String line(Finding finding) {
        String what =
                switch (finding.outcome()) {
                    case Outcome.Same _ -> "same";
                    case Outcome.Refused(String param, String message) -> "refused for " + param + ": " + message;
                    case Outcome.Different(String difference) -> difference;
                };
        return finding.name() + " (" + finding.exchange().provider() + "): " + what;
    }

    private static void section(StringBuilder report, String title, Collection<String> lines) {
        report.append("\n## ").append(title).append(" (").append(lines.size()).append(")\n\n");
        report.append(lines.stream().limit(SHOWN_MAX).map(line -> "- " + line + "\n").collect(joining()));
    }
}
