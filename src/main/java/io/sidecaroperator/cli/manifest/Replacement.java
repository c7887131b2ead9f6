package io.sidecaroperator.cli.manifest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * The new text of a file. It is written next to the file and then replaces it completely, or not at all.
 *
 * @param file the file to replace, with links resolved
 * @param text the temporary file of the new text
 */
public record Replacement(Path file, Path text) {
    /**
     * Creates an empty file for the new text, with owner and permissions of the present file if there is one.
     *
     * @throws AccessDeniedException when the file may not be written
     * @throws IOException when a file cannot be created next to it
     */
    public static Replacement of(Path named) throws IOException {
        boolean there = Files.exists(named);
        Path file = there ? named.toRealPath() : named.toAbsolutePath();
        if (there && !Files.isWritable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        Path text = there
                ? Files.createTempFile(file.getParent(), "." + file.getFileName() + ".", ".tmp")
                : Files.createFile(file.resolveSibling("." + file.getFileName() + "." + System.nanoTime() + ".tmp"));
        if (there) {
            keepPermissions(file, text);
        }
        return new Replacement(file, text);
    }

    /**
     * Opens the new text. The caller calls {@link FileChannel#force} before the channel is closed, so that the text is
     * on the disk.
     */
    public FileChannel open() throws IOException {
        return FileChannel.open(text, StandardOpenOption.WRITE);
    }

    /** Replaces the file with the new text. */
    public void commit() throws IOException {
        Files.move(text, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes the new text if it has not replaced the file. */
    public void discard() throws IOException {
        Files.deleteIfExists(text);
    }

    /** Returns for a person why a file could not be replaced. */
    public static String reason(IOException e) {
        return e instanceof AccessDeniedException denied
                ? "no permission to write " + denied.getFile()
                : String.valueOf(e.getMessage());
    }

    private static void keepPermissions(Path file, Path text) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(text, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
        PosixFileAttributes own = view.readAttributes();
        if (!own.group().equals(old.group())) {
            view.setGroup(old.group());
        }
        if (!own.owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
        view.setPermissions(old.permissions());
    }
}
