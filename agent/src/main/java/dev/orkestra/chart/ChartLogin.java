package dev.orkestra.chart;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Credentials of a chart repository. Their text is masked. */
public sealed interface ChartLogin {
    /** The value of the header {@code Authorization}. */
    String authorization();

    /** HTTP basic authentication. */
    record Basic(String username, String password) implements ChartLogin {
        @Override
        public String authorization() {
            String pair = username + ":" + password;
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }

        /** Never the password. */
        @Override
        public String toString() {
            return username + ":***";
        }
    }

    /** A bearer token. */
    record Bearer(String token) implements ChartLogin {
        @Override
        public String authorization() {
            return "Bearer " + token;
        }

        @Override
        public String toString() {
            return "***";
        }
    }
}
