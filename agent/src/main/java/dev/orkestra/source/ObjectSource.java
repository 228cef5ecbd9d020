package dev.orkestra.source;

import java.io.IOException;
import org.eclipse.jgit.lib.ObjectReader;

/** Where Git's objects are read from. */
interface ObjectSource {
    /** Work on objects. */
    @FunctionalInterface
    interface Reading<T> {
        T with(ObjectReader reader) throws IOException;
    }

    /**
     * Runs {@code work}.
     *
     * @throws SourceException when the objects cannot be read
     */
    <T> T reading(Reading<T> work);
}
