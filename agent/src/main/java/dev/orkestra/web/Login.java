package dev.orkestra.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Credentials with their values. Their texts never show them. */
public sealed interface Login {
    /** The value of the {@code Authorization} header. */
    String header();

    /** User and password. */
    record Basic(String user, String password) implements Login {
        @Override
        public String header() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "Basic[***]";
        }
    }

    /** A token. */
    record Bearer(String token) implements Login {
        @Override
        public String header() {
            return "Bearer " + token;
        }

        @Override
        public String toString() {
            return "Bearer[***]";
        }
    }
}
