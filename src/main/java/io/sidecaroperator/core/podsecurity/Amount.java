package io.sidecaroperator.core.podsecurity;

import java.math.BigDecimal;
import java.util.List;

/** Writes an amount of a resource in the usual form: {@code 250m}, {@code 2}, {@code 512Mi}. */
public final class Amount {
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

    private Amount() {}

    /** The shortest text for an amount of this resource. */
    public static String text(String resource, BigDecimal amount) {
        BigDecimal whole = amount.stripTrailingZeros();
        if (whole.scale() > 0) {
            return whole.movePointRight(3).toPlainString() + "m";
        }
        int suffix = 0;
        while (!resource.equals("cpu")
                && suffix < BINARY.size() - 1
                && whole.signum() != 0
                && whole.remainder(KIBI).signum() == 0) {
            whole = whole.divide(KIBI);
            suffix++;
        }
        return whole.toPlainString() + BINARY.get(suffix);
    }
}
