package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Times the same work before each test class, so that {@link SlowestClasses} can distinguish a slow machine from a slow
 * test. The work is the JDK's native zlib, which takes as long in a new JVM as in a warm one.
 */
public final class MachineSpeed implements BeforeAllCallback {
    /** Where the times are, in milliseconds, one a line. */
    static final Path FILE = Path.of("target", "machine-speed.txt");

    private static final byte[] TEXT = text();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (context.getRequiredTestClass().getEnclosingClass() == null) {
            append(measure());
        }
    }

    /** Returns the time of the work on this machine now, in milliseconds. */
    static double measure() {
        long start = System.nanoTime();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        deflater.setInput(TEXT);
        deflater.finish();
        byte[] out = new byte[1 << 16];
        while (!deflater.finished()) {
            deflater.deflate(out);
        }
        deflater.end();
        return (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private static void append(double milliseconds) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE, "%.1f%n".formatted(milliseconds), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half a megabyte of words. */
    private static byte[] text() {
        Random random = new Random(1);
        byte[] text = new byte[1 << 19];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (random.nextInt(5) == 0 ? ' ' : 'a' + random.nextInt(12));
        }
        return text;
    }
}
