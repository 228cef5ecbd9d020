package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;

/**
 * A change that going back to last-good does not undo, as the plan saw it.
 *
 * @param wave wave whose apply passes it
 * @param object whose change it is
 * @param what in words, for people
 * @param passed whether it may have been made
 */
public record PointOfNoReturn(Wave wave, ObjectKey object, String what, boolean passed) {
    public static PointOfNoReturn ahead(Wave wave, ObjectKey object, String what) {
        return new PointOfNoReturn(wave, object, what, false);
    }

    PointOfNoReturn passed(boolean now) {
        return new PointOfNoReturn(wave, object, what, now);
    }

    boolean isSame(PointOfNoReturn other) {
        return wave.equals(other.wave) && object.equals(other.object) && what.equals(other.what);
    }
}
