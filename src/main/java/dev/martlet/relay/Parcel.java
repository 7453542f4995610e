package dev.martlet.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;

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
/// @param fields  that belong to it whatever the channel
/// @param dropped what of the caller's words had no counterpart in the channel's dialect
record Parcel(String path, Fields fields, Body body, List<String> dropped) {
    /// The same bytes but for what the wording changes, where both sides speak the same dialect; else other words.
    ///
    /// @throws dev.martlet.Refused if it would mean something else there
    static Parcel of(ChannelCall asked, Question question, Translation way, Wording wording) {
        if (way.isSame()) {
            return new Parcel(asked.operation().path(), Fields.NONE, question.body(wording), List.of());
        }
        ObjectNode tree = question.tree().orElseThrow();
        Translated there = way.request(asked.operation().kind(), tree, wording.model(), wording.stream());
        return new Parcel(there.path(), there.fields(), new Body.Held(there.body()), there.dropped());
    }
}
