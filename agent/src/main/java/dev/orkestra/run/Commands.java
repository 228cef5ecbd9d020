package dev.orkestra.run;

/** The commands that texts tell people to run; in one place, so that they are spelt alike. */
public final class Commands {
    /** Where {@code ork} looks when no namespace is named. */
    private static final String USUAL_NAMESPACE = "orkestra";

    private static final int SHORT_ID = 12;

    private Commands() {}

    /** How the plan of a ConfigRepo's newest commit is looked at and approved. */
    public static String approve(String namespace, String configRepo) {
        String name = named(namespace, configRepo);
        return "look at it with: ork plan --repo FOLDER --out plan.json " + name
                + ", and approve it with: ork apply --plan plan.json " + name;
    }

    static String approve(RunSpec spec) {
        return approve(spec.namespace(), spec.configRepo());
    }

    /** How a run is asked for. */
    public static String sync(String namespace, String configRepo) {
        return "ork sync " + named(namespace, configRepo);
    }

    /** How a suspension, the hold after too many failures and a pin are ended. */
    public static String resume(String namespace, String configRepo) {
        return "ork resume " + named(namespace, configRepo);
    }

    /** How quarantined content is tried once more. */
    public static String retry(String namespace, String configRepo, String commit) {
        return "ork retry " + named(namespace, configRepo) + " "
                + commit.substring(0, Math.min(SHORT_ID, commit.length())) + " --reason TEXT";
    }

    /** What ran, and how it ended. */
    public static String history(String namespace, String configRepo) {
        return "ork history " + named(namespace, configRepo);
    }

    private static String named(String namespace, String configRepo) {
        return namespace.equals(USUAL_NAMESPACE) ? configRepo : "-n " + namespace + " " + configRepo;
    }
}
