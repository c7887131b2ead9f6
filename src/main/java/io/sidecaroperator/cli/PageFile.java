package io.sidecaroperator.cli;

import io.sidecaroperator.manifest.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that a page is written to: whole, or not at all. */
record PageFile(Path path) {
    /**
     * The file of this name, if a page can be there.
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
     * Writes the page; what was in the file before is gone only when the new page is there as a whole.
     *
     * @throws InputException when it cannot be written
     */
    void write(String page) {
        Path target = path.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try {
                Files.writeString(part, page, StandardCharsets.UTF_8);
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new InputException("--html " + path + ": cannot be written: " + e.getMessage());
        }
    }
}
