package io.sidecaroperator.cli.manifest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are written once and read later, any number of times. A small number is in memory, a larger one in a
 * temporary file. Only this user can read the file, and it is gone when the process ends, however it ends.
 */
public final class Spool extends OutputStream {
    private static final int IN_MEMORY = 4 << 20;

    private final int inMemory;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;

    public Spool() {
        this(IN_MEMORY);
    }

    /** Creates a spool that keeps up to this many bytes in memory. */
    Spool(int inMemory) {
        this.inMemory = inMemory;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (file == null && memory.size() + length > inMemory) {
            moveToFile();
        }
        if (file == null) {
            memory.write(bytes, offset, length);
        } else {
            write(file, ByteBuffer.wrap(bytes, offset, length));
        }
    }

    /** Returns what was written so far, from its beginning. */
    public InputStream read() {
        return file == null ? new ByteArrayInputStream(memory.toByteArray()) : new FileInput(file);
    }

    @Override
    public void close() throws IOException {
        memory = new ByteArrayOutputStream(0);
        if (file != null) {
            file.close();
        }
    }

    private void moveToFile() throws IOException {
        Path path = Files.createTempFile("sidecar-", ".tmp");
        // On Unix this removes the name at once, so the file does not remain even if the process is killed.
        file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        write(file, ByteBuffer.wrap(memory.toByteArray()));
        memory = new ByteArrayOutputStream(0);
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Reads at its own position. Closing it does not close the file. */
    private static final class FileInput extends InputStream {
        private final FileChannel file;
        private long position;

        FileInput(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = file.read(ByteBuffer.wrap(bytes, offset, length), position);
            position += Math.max(0, count);
            return count;
        }
    }
}
