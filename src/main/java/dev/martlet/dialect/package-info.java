/// What providers and callers write, as far as the gateway must understand it: requests, answers, streams, errors and lists
/// of models, read where they stand and edited in place. Pure: bytes in, facts or bytes out.
///
/// Entries: [dev.martlet.dialect.RequestReading] and [dev.martlet.dialect.MultipartReading] for what is asked,
/// [dev.martlet.dialect.AnswerReading] and [dev.martlet.dialect.StreamReading] for what comes back. What one more provider
/// calls an error goes into `ErrorReading`; the table of recorded answers under `golden/answer` shows what that changes.
///
/// Dialects meet in the hub, OpenAI's Chat Completions: [dev.martlet.dialect.Translation]. What it has no word for
/// accompanies it under `extra_content`, by vendor, so that the way back is exact. Of Anthropic:
///
/// - a message has `thinking`, its blocks with their signatures, or where the hub cannot say all of it in this order,
///   `content`, all blocks; in a stream they come with the last chunk;
/// - a tool call has all that its `tool_use` says beyond id, name and input;
/// - a choice has a `finish_reason` that the hub does not know, its `stop_sequence`, `stop_details`, `container` and
///   whatever else the message says; in a stream also each `event` that the hub has no words for, as it came;
/// - `usage` has the count as it came.
///
/// Of Gemini, under `google`:
///
/// - a message has the `thought_signature` of its text, and where the hub cannot say all of it in this order, `parts`, all
///   parts; in a stream they come with the last chunk. Images that a model made are also `images` of the message, as data
///   URLs; pages of the web that it cites are `annotations`;
/// - a tool call has its `thought_signature`; to one without an id a new one is given, which Gemini never gets;
/// - a choice has a `finish_reason` that the hub does not know and whatever else the candidate says; in a stream also the
///   `parts` of each event that the hub has no words for;
/// - the answer, or the first chunk, has `responseId`, `promptFeedback` and whatever else stands beside the candidates;
/// - `usage` has the count as it came; an error its `status` and `details`.
///
/// Requests of the hub may say more than OpenAI's do: `cache_control` on parts, messages, calls and tools; `top_k`; `thinking`,
/// Anthropic's object, where `reasoning_effort` is not exact enough; tools of the types `code_execution` and `web_fetch`,
/// which run at the provider; `is_error` of a result, under `extra_content.anthropic`; and under `extra_content` of a vendor,
/// beside the messages, fields that only this vendor has: it gets them as they are, and others leave them out by name.
@NullMarked
package dev.martlet.dialect;

import org.jspecify.annotations.NullMarked;
