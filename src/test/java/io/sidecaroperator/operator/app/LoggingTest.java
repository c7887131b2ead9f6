package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private static final String[] OPERATOR = {"operator", "--kubeconfig", "x"};

    @AfterEach
    void clear() {
        System.clearProperty(Logging.FILE);
        System.clearProperty(Logging.LEVEL);
    }

    @Test
    void theOperatorWritesJsonWhereNoPersonWatches() {
        Logging.configure(OPERATOR, Map.of(), false);
        assertConfigured("logback-json.xml", "INFO");
        Logging.configure(OPERATOR, Map.of(), true);
        assertConfigured("logback.xml", "INFO");
    }

    @Test
    void aCommandSpeaksOnlyOfTrouble() {
        Logging.configure(new String[] {"inject"}, Map.of(), false);
        assertConfigured("logback.xml", "WARN");
        Logging.configure(new String[0], Map.of(), true);
        assertConfigured("logback.xml", "WARN");
    }

    @Test
    void theEnvironmentWins() {
        Logging.configure(
                OPERATOR, Map.of("SIDECAR_OPERATOR_LOG_FORMAT", "text", "SIDECAR_OPERATOR_LOG_LEVEL", "DEBUG"), false);
        assertConfigured("logback.xml", "DEBUG");
    }

    private static void assertConfigured(String file, String level) {
        assertThat(System.getProperty(Logging.FILE)).isEqualTo(file);
        assertThat(LoggingTest.class.getResource("/" + file)).isNotNull();
        assertThat(System.getProperty(Logging.LEVEL)).isEqualTo(level);
    }
}
