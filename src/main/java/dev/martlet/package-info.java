/// The nouns of Martlet: facts as records, alternatives as sealed types. Nothing here does I/O or knows a room.
///
/// To add an alternative to a sealed type, add the record: every `switch` that must know it stops compiling.
@NullMarked
package dev.martlet;

import org.jspecify.annotations.NullMarked;
