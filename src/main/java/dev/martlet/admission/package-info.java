/// Who may enter, and how much: decided from the head alone, before a byte of the body is read.
///
/// Entry: [dev.martlet.admission.Gate#enter].
@NullMarked
package dev.martlet.admission;

import org.jspecify.annotations.NullMarked;
