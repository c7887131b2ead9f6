package io.sidecaroperator.operator.app;

import java.util.Map;

/**
 * Chooses how to log before the first logger exists. The operator logs what it does, as JSON lines unless a person
 * watches at a terminal. Commands of the command line log problems only.
 */
public final class Logging {
    /** Read by {@code logback.xml} and {@code logback-json.xml}. */
    static final String LEVEL = "sidecar.log.level";

    /** Logback's own property for the configuration file. */
    static final String FILE = "logback.configurationFile";

    private static final String FORMAT_VARIABLE = "SIDECAR_OPERATOR_LOG_FORMAT";
    private static final String LEVEL_VARIABLE = "SIDECAR_OPERATOR_LOG_LEVEL";

    private Logging() {}

    /** Sets the properties that logback reads. Environment variables win over the guess. */
    public static void configure(String[] args, Map<String, String> environment, boolean terminal) {
        boolean operator = args.length > 0 && args[0].equals("operator");
        String guess = operator && !terminal ? "json" : "text";
        boolean json = environment.getOrDefault(FORMAT_VARIABLE, guess).equalsIgnoreCase("json");
        System.setProperty(FILE, json ? "logback-json.xml" : "logback.xml");
        System.setProperty(LEVEL, environment.getOrDefault(LEVEL_VARIABLE, operator ? "INFO" : "WARN"));
    }
}
