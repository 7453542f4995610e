package dev.martlet.config;

import dev.martlet.Channel;
import dev.martlet.Channels;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The sections `aliases` and `fallbacks`: models that stand for others.
final class OtherNames {
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final Map<String, Setting<String>> aliasesWritten = new LinkedHashMap<>();
    private final Map<String, List<String>> fallbacks = new LinkedHashMap<>();
    private final Map<String, Setting<String>> fallbacksWritten = new LinkedHashMap<>();

    private OtherNames() {}

    /// The channels with the other names of their models.
    static Channels read(Section root, List<Channel> list) {
        OtherNames names = new OtherNames();
        names.readAliases(root.section("aliases"));
        names.readFallbacks(root.section("fallbacks"));
        names.refuseCircles();
        names.aliasesWritten.values().forEach(model -> names.noteUntaken(model, list));
        names.fallbacksWritten.values().forEach(models -> names.noteUntaken(models, list));
        return new Channels(list, names.aliases, names.fallbacks);
    }

    private void readAliases(Section section) {
        List<String> names = section.names();
        for (String alias : names) {
            Setting<String> model = section.setting(alias, ModelKeys.NAME);
            model.refuse(names::contains, "is an alias itself", "the name of a model");
            model.values(List.of()).forEach(name -> aliases.put(alias, name));
            aliasesWritten.put(alias, model);
        }
    }

    private void readFallbacks(Section section) {
        for (String model : section.names()) {
            Setting<String> others = section.list(model, ModelKeys.NAME, Count.ANY_BUT_NONE);
            others.refuseRepeated(this::resolved, "each model once");
            fallbacks.put(model, others.values(List.of()));
            fallbacksWritten.put(model, others);
        }
    }

    private String resolved(String model) {
        return aliases.getOrDefault(model, model);
    }

    private void refuseCircles() {
        Map<String, List<String>> next = new HashMap<>();
        fallbacks.forEach((model, others) -> next.put(resolved(model), others.stream().map(this::resolved).toList()));
        fallbacksWritten.forEach((model, others) ->
                others.read()
                        .forEach(other -> {
                            List<String> circle = circle(next, model, other);
                            String shown = circle.stream().map(Quote::ofName).collect(Collectors.joining(", "));
                            if (!circle.isEmpty())
                                others.refuse(other::equals, "leads in a circle: " + shown, "models that do not");
                        }));
    }

    /// The shortest way from a model by one of its fallbacks back to it; empty when there is none.
    private List<String> circle(Map<String, List<String>> next, String model, String other) {
        Map<String, List<String>> ways = new HashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(resolved(other)));
        ways.put(resolved(other), List.of(model, other));
        while (!open.isEmpty() && !ways.containsKey(resolved(model))) {
            String from = open.remove();
            for (String to : next.getOrDefault(from, List.of())) {
                if (ways.putIfAbsent(to, longer(ways.getOrDefault(from, List.of()), to)) == null) open.add(to);
            }
        }
        return ways.getOrDefault(resolved(model), List.of());
    }

    private static List<String> longer(List<String> way, String by) {
        return Stream.concat(way.stream(), Stream.of(by)).toList();
    }

    /// What nobody takes may be taken tomorrow: the channel may be one that is switched off.
    private void noteUntaken(Setting<String> models, List<Channel> channels) {
        for (String model : models.read()) {
            String name = resolved(model);
            if (channels.stream().anyMatch(channel -> channel.models().accepts(name))) continue;
            models.reading()
                    .findings()
                    .remark(models.path() + " names " + Quote.ofName(name) + ", which no channel takes");
        }
    }
}
