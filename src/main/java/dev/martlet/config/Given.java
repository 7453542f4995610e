package dev.martlet.config;

/// One text that somebody gave us.
///
/// @param name  the path in the file or the variable's name
/// @param text  what counts; may be a secret
/// @param shown what may be printed of it
record Given(Place place, String name, String text, String shown) {

    /// A text that stands where the operator will look for it.
    static Given written(Place place, String name, String text) {
        return new Given(place, name, text, Quote.of(text));
    }

    Given stripped() {
        return new Given(place, name, text.strip(), shown);
    }

    Given shownAs(String otherShown) {
        return new Given(place, name, text, otherShown);
    }

    /// What came from elsewhere shows where it came from, and nothing else.
    Given hidden() {
        return shown.startsWith("(") ? this : shownAs("(secret)");
    }

    /// Never the text: it may be a secret.
    @Override
    public String toString() {
        return name;
    }
}
