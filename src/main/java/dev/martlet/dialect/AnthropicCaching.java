package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/// The marks up to which a prompt is to be cached. Anthropic takes four in a request ("Prompt caching"), where OpenAI lets
/// those of earlier turns stay in the conversation: the last ones count, which are the ones that reach furthest.
final class AnthropicCaching {
    private static final int MARKS_MAX = 4;

    private AnthropicCaching() {}

    static void bound(ObjectNode body, Losses losses) {
        List<ObjectNode> marked = new ArrayList<>();
        collect(body.path("tools"), marked);
        collect(body.path("system"), marked);
        for (JsonNode message : body.path("messages")) collect(message.path("content"), marked);
        int most = body.has(HubContent.CACHE_CONTROL) ? MARKS_MAX - 1 : MARKS_MAX; // one is the request's own
        for (ObjectNode block : marked.subList(0, Math.max(0, marked.size() - most))) {
            block.remove(HubContent.CACHE_CONTROL);
            losses.drop("messages." + HubContent.CACHE_CONTROL);
        }
    }

    private static void collect(JsonNode blocks, List<ObjectNode> marked) {
        for (JsonNode each : blocks) {
            if (!(each instanceof ObjectNode block)) continue;
            collect(block.path("content"), marked); // what the result of a tool is made of
            if (block.has(HubContent.CACHE_CONTROL)) marked.add(block);
        }
    }
}
