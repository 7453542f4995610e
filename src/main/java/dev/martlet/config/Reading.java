package dev.martlet.config;

/// One pass over what the operator wrote: the variables that can be asked for, and what was found on the way.
record Reading(Variables variables, Findings findings) {}
