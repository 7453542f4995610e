/// What providers and callers write, as far as the gateway must understand it: requests, answers, streams, errors and lists
/// of models, read where they stand and edited in place. Pure: bytes in, facts or bytes out.
///
/// Entries: [dev.martlet.dialect.RequestReading] and [dev.martlet.dialect.MultipartReading] for what is asked,
/// [dev.martlet.dialect.AnswerReading] and [dev.martlet.dialect.StreamReading] for what comes back. What one more provider
/// calls an error goes into `ErrorReading`; the table of recorded answers under `golden/answer` shows what that changes.
@NullMarked
package dev.martlet.dialect;

import org.jspecify.annotations.NullMarked;
