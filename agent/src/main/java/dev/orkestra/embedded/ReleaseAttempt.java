package dev.orkestra.embedded;

/**
 * An install or an upgrade.
 *
 * @param first whether it is an install
 * @param config the digest that says what is installed
 */
record ReleaseAttempt(ReleaseSpec spec, ChartArchive chart, String config, boolean first) {
    ReleaseVerb verb() {
        return ReleaseVerb.of(first);
    }

    /** {@code shop/web.v3 with chart web@1.0.0}. */
    String of(DeployedRelease made) {
        return spec.lock() + ".v" + made.revision() + " with chart " + chart;
    }
}
