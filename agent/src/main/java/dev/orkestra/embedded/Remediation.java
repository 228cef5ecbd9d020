package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What {@code spec.install.remediation} or {@code spec.upgrade.remediation} asks for, with Flux's defaults.
 *
 * @param retries attempts after the first one; negative: for ever
 * @param lastToo whether the last failure is remediated as well
 * @param uninstalls whether a failure is remediated by an uninstall, not by a rollback
 * @param ignoresTests whether failed tests count for nothing
 */
record Remediation(int retries, boolean lastToo, boolean uninstalls, boolean ignoresTests) {
    static Remediation of(JsonNode spec, ReleaseVerb verb) {
        JsonNode written = spec.path(verb.word()).path("remediation");
        boolean upgrade = verb == ReleaseVerb.UPGRADE;
        int retries = written.path("retries").asInt(0);
        return new Remediation(
                retries,
                written.path("remediateLastFailure").asBoolean(upgrade && retries > 0),
                !upgrade || written.path("strategy").asText("rollback").equals("uninstall"),
                written.path("ignoreTestFailures")
                        .asBoolean(spec.path("test").path("ignoreFailures").asBoolean()));
    }

    boolean isExhausted(long failures) {
        return retries >= 0 && failures > retries;
    }
}
