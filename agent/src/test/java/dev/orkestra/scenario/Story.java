package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The quickstart's five commits, with hooks of every kind beside them, and how the run of each ends. */
enum Story {
    FIRST("Good", "") {
        @Override
        String push(ConfigWorkTree repository) {
            return repository
                    .write("applications/staging/migrate.yaml", hook("migrate", "PreSync", ""))
                    .write(
                            "applications/staging/smoke.yaml",
                            hook("smoke", "PostSync", ", orkestra.dev/on-rollback: \"run\""))
                    .write("applications/staging/word.yaml", hook("word", "SyncFail", ""))
                    .push("Describe the shop");
        }
    },
    CHANGE("Good", "") {
        @Override
        String push(ConfigWorkTree repository) {
            return repository
                    .edit("applications/staging/shop.yaml", text -> text.replace("limit: 10", "limit: 20"))
                    .delete("infrastructure/announcement.yaml")
                    .push("Allow more, say less");
        }
    },
    BAD("RolledBack", "commit") {
        @Override
        String push(ConfigWorkTree repository) {
            return repository
                    .edit("applications/staging/shop.yaml", Story::withoutImage)
                    .write(
                            "infrastructure/banner.yaml",
                            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: banner, namespace: shop}\n")
                    .push("Try another gateway");
        }
    },
    REVERT("Good", "") {
        @Override
        String push(ConfigWorkTree repository) {
            return repository.revertHead();
        }
    },
    INVALID("Invalid", "") {
        @Override
        String push(ConfigWorkTree repository) {
            // The base makes a website wait for the database already, so this closes a circle.
            return repository
                    .edit(
                            "operator-definitions/overlays/staging/komposer.yaml",
                            text -> text.replaceFirst("(?m)^    database:$", "$0\n      dependsOn: [website]"))
                    .push("Let the database wait for the website");
        }
    };

    /** For all five. A wave gets its time anew after a few kills only, so it has to last for all of them. */
    static final String DEADLINES = "deadlines: {wave: 3m, run: 40m}";

    /** What is deleted on the way with good reason: what {@link #CHANGE} prunes, and what only {@link #BAD} brings. */
    static final Set<String> MAY_GO = Set.of("configmaps/announcement", "configmaps/banner");

    private final String phase;
    private final String verdict;

    Story(String phase, String verdict) {
        this.phase = phase;
        this.verdict = verdict;
    }

    /** Makes the commit; returns it. */
    abstract String push(ConfigWorkTree repository);

    /** The number of its run. */
    int run() {
        return ordinal() + 1;
    }

    /** Each run does its hooks once. The one that fails does not come to the test at its end, but its way back does. */
    private Map<String, Integer> hooks() {
        return switch (this) {
            case FIRST -> Map.of("migrate", 1, "smoke", 1);
            case CHANGE -> Map.of("migrate", 2, "smoke", 2);
            case BAD, REVERT, INVALID -> Map.of("migrate", 3, "smoke", 3, "word", 1);
        };
    }

    /** Of the gateway, revision 2 is the bad one, 3 the way back. */
    Map<String, Integer> revisions() {
        return switch (this) {
            case FIRST -> Map.of("cache", 1, "catalog", 1, "cart", 1, "shop", 1, "gateway", 1);
            case CHANGE -> Map.of("cache", 1, "catalog", 1, "cart", 2, "shop", 1, "gateway", 1);
            case BAD, REVERT, INVALID -> Map.of("cache", 1, "catalog", 1, "cart", 2, "shop", 1, "gateway", 3);
        };
    }

    private int lastGood() {
        return switch (this) {
            case FIRST -> 1;
            case CHANGE, BAD -> 2;
            case REVERT, INVALID -> 4;
        };
    }

    /** That {@code end} is how its run ends when all commits before were run as well. */
    void assertEnd(RunEnd end) {
        assertThat(end.phase()).as("phase of %s", this).isEqualTo(phase);
        assertThat(end.verdict()).as("verdict of %s", this).isEqualTo(verdict);
        assertThat(end.hooks()).as("hooks up to %s", this).isEqualTo(hooks());
        assertThat(end.revisions()).as("revisions up to %s", this).isEqualTo(revisions());
        assertThat(end.lastGood()).as("last-good after %s", this).isEqualTo(lastGood());
        assertThat(end.quarantined()).as("quarantined after %s", this).isEqualTo(run() < 3 ? List.of() : List.of(3));
    }

    /** The gateway's block is the last one of the file. */
    private static String withoutImage(String shop) {
        int gateway = shop.indexOf("- name: gateway");
        return shop.substring(0, gateway)
                + shop.substring(gateway)
                        .replace("timeout: 2m", "timeout: 8s")
                        .replace("ork.local/httpd:1", "ork.local/not-there:1");
    }

    private static String hook(String name, String when, String more) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: shop, annotations: {argocd.argoproj.io/hook: %s%s}}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      terminationGracePeriodSeconds: 0
                      containers:
                        - {name: main, image: "ork.local/httpd:1", imagePullPolicy: IfNotPresent, command: ["true"]}
                """.formatted(name, when, more);
    }
}
