package io.sidecaroperator.core.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.7",
                "199.249.255.250",
                "::",
                "::1",
                "1::",
                "1::8",
                "fd00::7",
                "FE80::ABCD:0",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1:2:3::6:7:8"
            })
    void anAddressIsAccepted(String ip) {
        assertThat(PodRules.IP_ADDRESS.holds().test(TextNode.valueOf(ip))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db.internal",
                "10.0.0",
                "10.0.0.7.",
                "10.0.0.256",
                "10.0.0.07",
                "10.0.0.7/8",
                "10.0.0.7\n",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "fe80::1%eth0",
                "::ffff:10.0.0.7"
            })
    void anythingElseIsRefused(String ip) {
        assertThat(PodRules.IP_ADDRESS.holds().test(TextNode.valueOf(ip))).isFalse();
    }
}
