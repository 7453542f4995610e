package dev.martlet.config;

/// One pass over what the operator wrote: the variables that can be asked for, and what was found on the way.
///
/// @param file the YAML file as the operator named it; empty for none
record Reading(String file, Variables variables, Findings findings) {}
