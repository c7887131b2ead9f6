package io.sidecaroperator.cli.command;

/** The formats of the result of {@code diff}: the values of its option. */
enum DiffFormat {
    text,
    summary,
    json
}
