package io.sidecaroperator.core.policy.validation;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rules about what a policy adds to the pod as a whole. */
public final class PodRules {
    private static final Pattern IP = Pattern.compile("^(" + ipv4() + "|" + ipv6() + ")$");

    /** CEL's own {@code isIP} needs Kubernetes 1.31. */
    public static final Rule IP_ADDRESS = Rule.of(
            "IpAddress",
            "self.matches('" + IP + "')",
            "must be an IPv4 or IPv6 address, such as 10.0.0.7 or fd00::7",
            self -> !self.isTextual() || IP.matcher(self.textValue()).matches());

    static final List<Rule> ALL = List.of(IP_ADDRESS);

    private PodRules() {}

    private static String ipv4() {
        String octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        return "(" + octet + "[.]){3}" + octet;
    }

    /** Eight groups, or fewer with one {@code ::} before, among or after them. */
    private static String ipv6() {
        String group = "[0-9A-Fa-f]{1,4}";
        Stream<String> among = IntStream.rangeClosed(1, 6)
                .mapToObj(before -> "(%1$s:){1,%2$d}(:%1$s){1,%3$d}".formatted(group, before, 7 - before));
        return Stream.concat(
                        Stream.of(
                                "(%1$s:){7}%1$s".formatted(group),
                                "(%s:){1,7}:".formatted(group),
                                ":((:%s){1,7}|:)".formatted(group)),
                        among)
                .collect(Collectors.joining("|"));
    }
}
