package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file for a page, which is written completely or not at all. */
record PageFile(Path path) {
    /**
     * Returns the file of this name, if a page can be written there.
     *
     * @throws InputException when it cannot
     */
    static PageFile at(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path)) {
            throw new InputException("--html " + path + ": is a directory; name a file in it");
        } else if (parent == null || !Files.isDirectory(parent)) {
            throw new InputException("--html " + path + ": there is no directory " + parent);
        } else if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new InputException("--html " + path + ": is no file that can be replaced");
        }
        return new PageFile(path);
    }

    /**
     * Writes the page. The previous content stays until the new page is complete.
     *
     * @throws InputException when it cannot be written
     */
    void write(String page) {
        try {
            Replacement fresh = Replacement.of(path);
            try {
                Files.writeString(fresh.text(), page, StandardCharsets.UTF_8);
                fresh.commit();
            } finally {
                fresh.discard();
            }
        } catch (IOException e) {
            throw new InputException("--html " + path + ": cannot be written: " + Replacement.reason(e));
        }
    }
}
