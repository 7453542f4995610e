/// Fake providers for the first minute, and for the self-test: real sockets on loopback, the wire formats of OpenAI,
/// Anthropic and Gemini, made-up text.
///
/// Entry: [dev.martlet.demo.DemoProviders]. One more format is one more `Format`, and a line in `DemoProviders`; its
/// test over a socket is what catches a miss.
@NullMarked
package dev.martlet.demo;

import org.jspecify.annotations.NullMarked;
