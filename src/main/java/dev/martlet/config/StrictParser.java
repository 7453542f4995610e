package dev.martlet.config;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/// Refuses what YAML has and a configuration does not need: anchors, aliases (and with them every alias bomb), tags
/// and deep nesting.
final class StrictParser extends ParserImpl {
    static final int DEPTH_MAX = 20;

    private int depth;

    StrictParser(StreamReader reader, LoaderOptions options) {
        super(reader, options);
    }

    @Override
    public Event getEvent() {
        Event event = super.getEvent();
        switch (event) {
            case AliasEvent _ -> throw refused(YamlFault.ALIAS, event);
            case NodeEvent node when node.getAnchor() != null -> throw refused(YamlFault.ALIAS, event);
            case ScalarEvent scalar when scalar.getTag() != null -> throw refused(YamlFault.TAG, event);
            case CollectionStartEvent start when start.getTag() != null -> throw refused(YamlFault.TAG, event);
            case CollectionStartEvent _ when depth == DEPTH_MAX -> throw refused(YamlFault.DEPTH, event);
            case CollectionStartEvent _ -> depth++;
            case CollectionEndEvent _ -> depth--;
            default -> {}
        }
        return event;
    }

    private static ParserException refused(YamlFault fault, Event event) {
        Mark mark = event.getStartMark();
        return new ParserException(null, mark, fault.fragment(), mark);
    }
}
