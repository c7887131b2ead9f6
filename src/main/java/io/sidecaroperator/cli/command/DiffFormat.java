package io.sidecaroperator.cli.command;

/** How the result of {@code diff} is written: the values of its option. */
enum DiffFormat {
    text,
    summary,
    json
}
