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
 * The new text of a file, written beside it until it takes its place: as a whole, or not at all.
 *
 * @param file what is replaced; a link is followed before
 * @param text where the new text is until then
 */
public record Replacement(Path file, Path text) {
    /**
     * Makes room for the new text, with owner and permissions of the file if it is there.
     *
     * @throws AccessDeniedException when the file may not be written
     * @throws IOException when there can be no file beside it
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

    /** Opens the new text; it is on the disk when {@link FileChannel#force} was called before the channel is closed. */
    public FileChannel open() throws IOException {
        return FileChannel.open(text, StandardOpenOption.WRITE);
    }

    /** Puts the new text in its place. */
    public void commit() throws IOException {
        Files.move(text, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes the new text away, if it has not come into its place. */
    public void discard() throws IOException {
        Files.deleteIfExists(text);
    }

    /** Why a file could not be replaced, for a person. */
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
