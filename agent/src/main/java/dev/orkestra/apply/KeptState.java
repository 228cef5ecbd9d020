package dev.orkestra.apply;

import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.run.NewerStateException;
import java.time.DateTimeException;
import java.util.function.Supplier;

/** Reads what was written earlier, perhaps by another version, perhaps changed by hand since. */
final class KeptState {
    private KeptState() {}

    /**
     * What {@code read} makes of it.
     *
     * @param what names it and where it is. What it holds is not told: it may be secret
     * @throws DamagedException when it cannot be read
     */
    static <T> T read(String what, Supplier<T> read) {
        try {
            return read.get();
        } catch (NewerStateException e) {
            throw new DamagedException(
                    what + " cannot be read: " + e.getMessage(), "start the newer version of the agent again");
        } catch (IllegalArgumentException
                | IllegalStateException
                | DateTimeException
                | ClassCastException
                | IndexOutOfBoundsException
                | NullPointerException e) {
            throw new DamagedException(what + " cannot be read: a value in it is missing or of the wrong form");
        }
    }
}
