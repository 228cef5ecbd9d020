package dev.orkestra.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.HookEntry;
import java.util.List;
import java.util.stream.Stream;

/**
 * A hook of one run. Its name tells commit, run and direction apart, so that whoever repeats a step after a crash finds
 * what was made before it, and nobody takes an older run's work for this one's.
 *
 * @param hook what it is an instance of
 * @param object what is created
 * @param run number of the run
 */
public record HookInstance(Hook hook, DesiredObject object, int run) {
    /** On instances: full object name of the commit. */
    public static final String COMMIT = "orkestra.dev/commit";
    /** On instances: number of the run. */
    public static final String RUN = "orkestra.dev/run";
    /** On instances, for people: the phase. It ends with {@code (rollback)} where an earlier commit is gone back to. */
    static final String PHASE = "orkestra.dev/hook";

    /** The length of a label's value, which the name of a Job becomes on its pods. */
    private static final int LONGEST = 63;
    /** 48 bits. */
    private static final int HASH_DIGITS = 12;

    /**
     * The instance of {@code hook} in a run.
     *
     * @param commit the commit whose hook it is: the run's own, or last-good's
     */
    public static HookInstance of(Hook hook, RunSpec run, String commit, Direction direction) {
        String name = name(hook, run, commit, direction);
        ObjectNode body = hook.body().deepCopy();
        ObjectNode metadata = body.withObject("/metadata").put("name", name);
        metadata.withObject("/labels").put(COMMIT, commit).put(RUN, Integer.toString(run.number()));
        stayUntilSeen(body);
        metadata.withObject("/annotations")
                .put(
                        PHASE,
                        hook.wave().phase().text()
                                + (direction == Direction.ROLLBACK || run.isRollback() ? " (rollback)" : ""));
        ObjectKey key =
                new ObjectKey(hook.key().group(), hook.key().kind(), hook.key().namespace(), name);
        return new HookInstance(
                hook,
                new DesiredObject(key, body, hook.wave(), hook.origin(), CanonicalJson.digest(body)),
                run.number());
    }

    /**
     * The instances of one wave of {@code state}.
     *
     * @param commit as above
     */
    public static List<HookInstance> inWave(
            DesiredState state, Wave wave, RunSpec run, String commit, Direction direction) {
        return state.hooksIn(wave).stream()
                .filter(hook -> direction == Direction.FORWARD || hook.onRollback())
                .map(hook -> of(hook, run, commit, direction))
                .toList();
    }

    /**
     * An instance that takes itself away while nobody looks leaves no word of how it ended, and one that went before it
     * was written down would be made a second time. The agent removes instances as their policy says.
     */
    private static void stayUntilSeen(ObjectNode body) {
        if (body.get("spec") instanceof ObjectNode spec) {
            Hook.SELF_REMOVAL.forEach(spec::remove);
        }
    }

    public ObjectKey key() {
        return object.key();
    }

    /** What stands in the inventory before it is created. */
    public HookEntry intended() {
        return new HookEntry(key(), hook.apiVersion(), hook.wave(), hook.key(), run, "", false);
    }

    private static String name(Hook hook, RunSpec run, String commit, Direction direction) {
        ArrayNode identity = JsonNodeFactory.instance.arrayNode();
        Stream.of(
                        run.namespace(),
                        run.configRepo(),
                        commit,
                        Integer.toString(run.number()),
                        direction.name(),
                        hook.wave().phase().name(),
                        hook.key().toString())
                .forEach(identity::add);
        String hash = CanonicalJson.digest(identity).substring("sha256:".length(), "sha256:".length() + HASH_DIGITS);
        String base = hook.key().name();
        String cut = base.substring(0, Math.min(base.length(), LONGEST - HASH_DIGITS - 1));
        return cut.replaceFirst("[^a-z0-9]+$", "") + "-" + hash;
    }
}
