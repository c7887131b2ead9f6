package io.sidecaroperator.core.policy.validation;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The patterns of the CRDs, and the requirement of each in words. */
public enum TextPattern {
    DNS_LABEL("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "a-z, 0-9 and -, with a letter or digit at both ends"),
    DNS_SUBDOMAIN(
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
            "a-z, 0-9, - and ., with a letter or digit at both ends of every part"),
    NAME_PATTERN("^[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$", "a name, in which * stands for any characters"),
    LABEL_KEY(
            "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                    + "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
            "at most 63 letters, digits, -, _ and ., with a letter or digit at both ends, perhaps after a DNS name and"
                    + " a slash"),
    LABEL_VALUE(
            "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$",
            "letters, digits, -, _ and ., with a letter or digit at both ends, or nothing"),
    ENV_VAR("^[A-Za-z_][A-Za-z0-9_]*$", "letters, digits and _, with no digit at its start"),
    ENV_NAME("^[ -<>-~]+$", "printable ASCII characters but ="),
    IMAGE("^\\S+$", "no blanks"),
    PORT_NAME("^([0-9][-0-9]*)?[a-z]([-a-z0-9]*[a-z0-9])?$", "a-z, 0-9 and -, with a letter among them"),
    SHARED_PATH("^(/[^/:]+)+$", "an absolute path without : and //, with no slash at its end"),
    ABSOLUTE_PATH("^/[^:]*$", "an absolute path without :"),
    RELATIVE_PATH("^([^/]|$)", "a relative path"),
    PORT(
            "^([0-9][-0-9]*|)[a-z]([-a-z0-9]*[a-z0-9])?$",
            "the name of a port (a-z, 0-9 and -, with a letter among them), or a number from 1 to 65535 without quotes"),
    QUANTITY(
            "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?$",
            "a quantity of 0 or more, such as 100m, \"0.5\" or 128Mi"),
    PERCENTAGE(
            "^([1-9][0-9]?|100)%$",
            "a percentage from 1% to 100%, or a number of 1 or more without quotes; rollout.paused holds every change back"),
    MEDIUM("^(Memory|HugePages.*)?$", "Memory, HugePages, HugePages-SIZE or nothing");

    private static final Map<String, TextPattern> BY_REGEX =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TextPattern::regex, Function.identity()));

    private final String regex;
    private final String words;
    private final Pattern pattern;

    TextPattern(String regex, String words) {
        this.regex = regex;
        this.words = words;
        // Go's $ is the end of the text. Java's $ also matches before a line break at the end.
        this.pattern = Pattern.compile(regex.replace("$", "\\z"));
    }

    /** The expression, which means the same in Go and Java. */
    public String regex() {
        return regex;
    }

    /** What the pattern requires, in words. */
    public String words() {
        return words;
    }

    /** Whether the text matches the pattern. */
    public boolean fits(String text) {
        return pattern.matcher(text).find();
    }

    /** The pattern with this expression, if it is one of these. */
    static Optional<TextPattern> of(String regex) {
        return Optional.ofNullable(BY_REGEX.get(regex));
    }
}
