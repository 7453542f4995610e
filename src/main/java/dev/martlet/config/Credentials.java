package dev.martlet.config;

import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.Secret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The keys of a channel. Of what stands there nothing is printed but where it stands.
final class Credentials {
    private static final String FROM_CLIENT = "from-client";
    private static final Keys NONE = new Keys.Own(List.of(Key.NONE));

    /// A comma cannot be in one: it stands between two where a caller or a variable brings several.
    static final Kind<Secret> SECRET =
            Kind.matching(
                            "1 to 4096 visible ASCII characters without space or comma; from-client stands alone, not"
                                    + " in a list",
                            "(?!" + FROM_CLIENT + "$)[!-~&&[^,]]{1,4096}")
                    .map(Secret::new)
                    .hidden();

    private static final Kind<Keys> CALLERS =
            Kind.matching("from-client, or a list of keys", FROM_CLIENT).<Keys>map(_ -> new Keys.FromClient()).hidden();

    private static final Kind<Integer> WEIGHT = Kind.whole(1, 1_000);

    private final List<Key> keys = new ArrayList<>();
    private final Map<String, String> named = new HashMap<>();
    private final Map<Secret, String> written = new HashMap<>();

    private Credentials() {}

    static Keys read(Section channel) {
        if (channel.value("keys").filter(Value::isText).isPresent()) {
            return channel.setting("keys", CALLERS).value(NONE);
        }
        Credentials credentials = new Credentials();
        List<Value> elements = channel.elements("keys", Count.MANY);
        for (int i = 0; i < elements.size(); i++) credentials.add(elements.get(i), "key-" + (i + 1));
        channel.written("keys", credentials.keys);
        return credentials.keys.isEmpty() ? NONE : new Keys.Own(credentials.keys);
    }

    private void add(Value element, String name) {
        if (element.isMapping()) {
            add(Section.ofSecrets(element), name);
            return;
        }
        Setting<Secret> value = element.setting(SECRET);
        checkName(value, name);
        add(value, name, 1);
    }

    private void add(Section key, String otherwise) {
        Setting<String> naming = key.setting("name", ChannelKeys.NAME);
        Setting<Secret> value = key.required("value", SECRET);
        int weight = key.setting("weight", WEIGHT).read().stream().findFirst().orElse(1);
        Optional<String> name = naming.read().stream().findFirst();
        name.ifPresentOrElse(given -> checkName(naming, given), () -> checkName(value, otherwise));
        add(value, name.orElse(otherwise), weight);
        key.refuseUnknown();
    }

    private void checkName(Setting<?> naming, String name) {
        String earlier = named.putIfAbsent(name, naming.path());
        if (earlier != null) naming.refuse("has the name of " + earlier, "a name of its own");
    }

    private void add(Setting<Secret> value, String name, int weight) {
        for (Secret secret : value.read()) {
            String earlier = written.putIfAbsent(secret, value.path());
            if (earlier != null) value.refuse("stands at " + earlier + " already", "each key once");
            keys.add(new Key(name, Optional.of(secret), weight));
        }
    }
}
