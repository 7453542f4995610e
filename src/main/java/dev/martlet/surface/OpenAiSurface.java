package dev.martlet.surface;

import dev.martlet.Call;
import dev.martlet.ChannelCall;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Loopback;
import dev.martlet.Operation;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Surface;
import dev.martlet.dialect.ErrorBody;
import dev.martlet.dialect.ModelList;
import dev.martlet.relay.Models;
import dev.martlet.relay.Relay;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// OpenAI's API, routed by model over the channels (seeds 002, 003, 004); with and without `/v1`. Closed as long as there is
/// no channel: then its paths are transparent like all others.
final class OpenAiSurface implements Door {
    private static final String VERSION = "/v1";
    private static final String MODELS = "/models";
    private static final List<String> VERSIONS = List.of("/v1", "/v1beta");

    private final Relay relay;
    private final Models models;
    private final BooleanSupplier open;
    private final boolean exposeTrail;

    /// @param open whether there is a channel
    /// @param exposeTrail whether every caller may know who answers, and not only those on this machine
    OpenAiSurface(Relay relay, Models models, BooleanSupplier open, boolean exposeTrail) {
        this.relay = relay;
        this.models = models;
        this.open = open;
        this.exposeTrail = exposeTrail;
    }

    @Override
    public Surface surface() {
        return Surface.OPENAI;
    }

    /// All that begins with a version, also what we do not offer there: it is never forwarded past the channels.
    @Override
    public boolean opens(Incoming request) {
        String path = request.path();
        boolean ours = isVersioned(path) || isOfModels(path);
        return ours && open.getAsBoolean();
    }

    @Override
    public void enter(Incoming request, Outgoing answer) {
        RawPath.check(request.path());
        String path = unversioned(request.path());
        if (path.equals(MODELS) || path.startsWith(MODELS + "/")) {
            relay.handle(
                    Calls.of(surface(), request), new CallReply(this, request, answer), () -> models(path, request));
            return;
        }
        Operation operation = operation(request.path()).orElseThrow(() -> new Refused(new Refusal.NotFound()));
        if (!request.head().method().equals("POST")) throw new Refused(new Refusal.MethodNotAllowed("POST, OPTIONS"));
        Fields fields = request.head().fields();
        if (fields.has("Content-Encoding")) throw new Refused(new Refusal.EncodingUnsupported());
        Call call = Calls.of(surface(), request);
        boolean local = Loopback.is(request.socketAddress(), fields);
        ChannelCall asked =
                new ChannelCall(call, Dialect.OPENAI, operation, Credentials.of(fields), local, local || exposeTrail);
        relay.handle(asked, new CallReply(this, request, answer));
    }

    @Override
    public Page refusal(Refusal why, String requestId) {
        Page page = Page.json(why.status(), ErrorBody.of(why, requestId));
        return why.status() == 401 ? page.with("WWW-Authenticate", "Bearer") : page;
    }

    private static boolean isVersioned(String path) {
        for (String version : VERSIONS) {
            boolean below = path.length() == version.length() || path.startsWith("/", version.length());
            if (below && path.startsWith(version)) return true;
        }
        return false;
    }

    private static boolean isOfModels(String path) {
        return path.equals(MODELS) || path.startsWith(MODELS + "/") || Operation.ofOpenAi(path).isPresent();
    }

    /// The list of models, or one of them.
    private byte[] models(String path, Incoming request) {
        boolean reads = Set.of("GET", "HEAD").contains(request.head().method());
        if (!reads) throw new Refused(new Refusal.MethodNotAllowed("GET, HEAD, OPTIONS"));
        Fields fields = request.head().fields();
        List<ModelList.Model> known = models.of(Loopback.is(request.socketAddress(), fields), Credentials.of(fields));
        if (path.equals(MODELS)) return ModelList.write(known);
        String id = URLDecoder.decode(path.substring(MODELS.length() + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        return known.stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .map(ModelList::write)
                .orElseThrow(() -> new Refused(new Refusal.ModelNotFound(id)));
    }

    private static Optional<Operation> operation(String path) {
        return Operation.ofOpenAi(unversioned(path));
    }

    private static String unversioned(String path) {
        return path.startsWith(VERSION + "/") ? path.substring(VERSION.length()) : path;
    }
}
