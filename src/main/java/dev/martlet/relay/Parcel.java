package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.ChannelCall;
import dev.martlet.Fields;
import dev.martlet.dialect.RequestReading.Wording;
import dev.martlet.dialect.Translation;
import dev.martlet.dialect.Translation.Translated;

import java.util.List;

/// A call as it goes to one upstream.
///
/// @param path    below the version part of the base URL, with the query that belongs to it
/// @param fields  that belong to it, in the place of the caller's of the same name
/// @param dropped what of the caller's words had no counterpart in the channel's dialect
record Parcel(String path, Fields fields, Body body, List<String> dropped) {
    /// Whatever the caller calls it: curl says of its `-d` that it is a form, and ab says two things at once.
    private static final Fields JSON = Fields.of("Content-Type", "application/json");

    /// The same bytes but for what the wording changes, where both sides speak the same dialect; else other words.
    ///
    /// @throws dev.martlet.Refused if it would mean something else there
    static Parcel of(ChannelCall asked, Question question, Translation way, Wording wording) {
        if (way.isSame()) {
            Fields usual = way.fields().without(field -> asked.call().fields().has(field.name()));
            Fields fields = question.translatable() ? JSON.and(usual) : usual;
            return new Parcel(asked.operation().path(), fields, question.body(wording), List.of());
        }
        Translated there = way.request(asked.operation().kind(), question.tree(), wording.model(), wording.stream());
        return new Parcel(there.path(), JSON.and(way.fields()), new Body.Held(there.body()), there.dropped());
    }
}
