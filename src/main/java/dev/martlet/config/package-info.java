/// From what an operator wrote to what the rooms need: one YAML file, the process environment and a dotenv file become
/// the rooms' settings and the [dev.martlet.Catalog]. Everything wrong is found in one pass, and no secret is printed.
///
/// Enter by [dev.martlet.config.Config#load]. A scalar goes written → substituted → chosen → read: [Section] finds it,
/// [Substitution] fills it, [Setting] chooses between file and variables, a [Kind] reads it and names what is allowed.
///
/// A value that may be a credential has a hidden [Kind], or stands in a section of secrets: then messages name its place alone.
///
/// A service that everybody has is a line of `services.yaml`, beside this file.
///
/// To add a key, ask for it in the `…Keys` class of its section, with its kind and its variables, and give it a line in
/// `etc/martlet.yaml`: a test catches a sample that lacks a key or differs from a default. A key that is unknown falls
/// out by itself, because nobody asked for it. What was waiting in [LaterKeys] or [SeedVariables] leaves them; nobody
/// catches a name left there, and it does nothing.
@NullMarked
package dev.martlet.config;

import org.jspecify.annotations.NullMarked;
