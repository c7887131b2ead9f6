package io.sidecaroperator.cli;

/** How the result of {@code diff} is written: the values of its option. */
enum DiffFormat {
    text,
    summary,
    json
}
