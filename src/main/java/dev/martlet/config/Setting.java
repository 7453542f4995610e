package dev.martlet.config;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// One key's value, wherever it was given: the first offer counts, a later one is remarked as having no effect.
///
/// @param offer the one that counts so far
record Setting<T>(Reading reading, String path, Offer<T> offer) {

    /// Else the value of a variable; further names are other names for it.
    Setting<T> or(Kind<T> variableKind, String... variables) {
        List<Given> given = reading.variables().find(variables).stream().toList();
        return orElse(Offer.ofVariables(given, variableKind));
    }

    /// Else what somebody else has to say of it, if there is somebody.
    Setting<T> or(Optional<Offer<T>> later) {
        return later.map(this::orElse).orElse(this);
    }

    /// Else the comma list in a variable.
    Setting<T> orListed(Kind<T> elementKind, String... variables) {
        return orElse(Offer.ofVariables(reading.variables().listed(variables), elementKind));
    }

    /// Else the values of all these variables; some of them alone are not enough.
    Setting<T> orTogether(Kind<T> elementKind, String... variables) {
        List<Given> given = Arrays.stream(variables).flatMap(name -> reading.variables().find(name).stream()).toList();
        Offer<T> together = Offer.ofVariables(given, elementKind);
        if (given.size() == variables.length || !offer.isSilent() || together.isSilent()) return orElse(together);
        var _ = together.values(reading.findings()); // for the problems: what is set should be right at once
        remark(together, "set all of " + String.join(", ", variables));
        return this;
    }

    /// Else the value of a variable, while the switch that belongs to it says true; `on` when only the switch is set.
    Setting<T> orSwitched(String toggle, T on, Kind<T> variableKind, String variable) {
        Offer<Boolean> switched = Offer.ofVariables(reading.variables().find(toggle).stream().toList(), Kind.truth());
        Offer<T> given = Offer.ofVariables(reading.variables().find(variable).stream().toList(), variableKind);
        boolean isOn = switched.values(reading.findings()).contains(true);
        if (isOn && !given.isSilent()) return orElse(given);
        if (isOn) return orElse(new Offer<>(switched.source(), switched.texts(), Kind.always(on)));
        var _ = given.values(reading.findings()); // for the problems, as above
        if (!given.isSilent()) remark(given, toggle + " is not true");
        return this;
    }

    /// Else the value of a variable, unless the switch that belongs to it says false.
    Setting<T> orUnless(String toggle, Kind<T> variableKind, String variable) {
        Offer<Boolean> switched = Offer.ofVariables(reading.variables().find(toggle).stream().toList(), Kind.truth());
        Offer<T> given = Offer.ofVariables(reading.variables().find(variable).stream().toList(), variableKind);
        if (!switched.values(reading.findings()).contains(false)) return orElse(given);
        var _ = given.values(reading.findings()); // for the problems, as above
        if (!given.isSilent()) remark(given, toggle + " is false");
        return this;
    }

    /// Reports that what was given cannot be used after all.
    ///
    /// @param why the end of a sentence about the value
    void refuse(String why, String allowed) {
        offer.texts().forEach(given -> refuse(given, why, allowed));
    }

    /// The same for some of the values.
    void refuse(Predicate<T> which, String why, String allowed) {
        for (Given given : offer.texts()) {
            if (offer.kind().read(given.text()).filter(which).isPresent()) refuse(given, why, allowed);
        }
    }

    /// Reports each value that says what an earlier one has said.
    void refuseRepeated(Function<T, ?> said, String allowed) {
        Map<Object, String> first = new HashMap<>();
        for (Given given : offer.texts()) {
            Optional<T> value = offer.kind().read(given.text());
            value.map(each -> first.putIfAbsent(said.apply(each), given.name()))
                    .ifPresent(earlier -> refuse(given, earlier + " says already", allowed));
        }
    }

    private void refuse(Given given, String why, String allowed) {
        reading.findings().problem(given.shownAs(given.shown() + ", which " + why), allowed);
    }

    T value(T standard) {
        return values(List.of(standard)).getFirst();
    }

    /// The values that can be read, for whoever says himself what a key comes to; every other text is a problem.
    List<T> read() {
        return offer.values(reading.findings());
    }

    List<T> values(List<T> standard) {
        List<T> values = read();
        reading.findings().value(path, values.isEmpty() ? standard : values);
        if (values.isEmpty()) return standard;
        if (!values.equals(standard)) reading.findings().came(path, offer.source());
        return values;
    }

    private Setting<T> orElse(Offer<T> later) {
        if (later.isSilent()) return this;
        if (offer.isSilent()) return new Setting<>(reading, path, later);
        remark(later, path + " stands in " + offer.source());
        return this;
    }

    private void remark(Offer<T> ignored, String why) {
        reading.findings().remark(ignored.source() + " ignored: " + why);
    }
}
