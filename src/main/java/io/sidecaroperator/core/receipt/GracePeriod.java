package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pod's {@code terminationGracePeriodSeconds}. Policies raise the API server's default, and the highest of their
 * values counts. Any other value is the user's.
 */
public final class GracePeriod {
    /** The key in the pod spec. */
    public static final String KEY = Place.GRACE_PERIOD.key();

    /** What the API server writes where a pod leaves the field out. A user's own 30 looks the same. */
    private static final BigDecimal DEFAULT = BigDecimal.valueOf(30);

    private GracePeriod() {}

    /**
     * Whether the pod leaves the field out, or has what the API server would write. {@code 30.0} is the user's own
     * value.
     */
    public static boolean isDefault(@Nullable JsonNode value) {
        return Json.isAbsent(value)
                || value != null && value.isIntegralNumber() && DEFAULT.compareTo(value.decimalValue()) == 0;
    }

    /** Whether a policy's value is more than the default of a pod. */
    public static boolean raises(long value) {
        return DEFAULT.compareTo(BigDecimal.valueOf(value)) < 0;
    }

    /** Writes the value where the pod has a lower one. */
    public static void raise(ObjectNode spec, long value) {
        JsonNode now = spec.path(KEY);
        if (isDefault(now) || now.isNumber() && now.decimalValue().compareTo(BigDecimal.valueOf(value)) < 0) {
            spec.set(KEY, Canonical.of(Json.MAPPER.getNodeFactory().numberNode(value)));
        }
    }

    /** The entry of a receipt whose value we left in the template: the highest one. */
    static Optional<Receipt.Raised> raised(Receipt receipt) {
        return receipt.entries().values().stream()
                .flatMap(entry -> entry.gracePeriod().stream())
                .max(Comparator.comparingLong(Receipt.Raised::value));
    }

    /** Whether the template still has the value that the receipt says we left. */
    public static boolean isOurs(JsonNode spec, Receipt receipt) {
        JsonNode live = spec.path(KEY);
        return live.isNumber()
                && raised(receipt)
                        .filter(raised -> live.decimalValue().compareTo(BigDecimal.valueOf(raised.value())) == 0)
                        .isPresent();
    }

    /** Restores the earlier value, when the present one is still ours. Any other value stays. */
    static void restore(ObjectNode spec, Receipt receipt) {
        if (!isOurs(spec, receipt)) {
            return;
        }
        JsonNode was = raised(receipt).map(Receipt.Raised::was).orElse(null);
        if (was == null) {
            spec.remove(KEY);
        } else {
            spec.set(KEY, was);
        }
    }

    /** Whether both specs mean the same period. */
    public static boolean same(JsonNode live, JsonNode wanted) {
        JsonNode one = live.path(KEY);
        JsonNode other = wanted.path(KEY);
        return isDefault(one) ? isDefault(other) : Canonical.of(one).equals(Canonical.of(other));
    }
}
