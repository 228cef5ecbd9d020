package dev.orkestra.release;

import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The definitions of Argo and Flux. Those of the controllers themselves are not ours to keep; a folder that has them is
 * used when {@code orkestra.definitions} names it. Otherwise it is those that the chart brings, of our own writing.
 */
final class RealDefinitions {
    private RealDefinitions() {}

    /** Whether those of the controllers themselves are used. */
    static boolean areThere() {
        return !given().isEmpty();
    }

    static String text(String name) throws IOException {
        Path folder = areThere() ? Path.of(given()) : Testbed.root().resolve("schemas/crds");
        return Files.readString(folder.resolve(name + ".yaml"));
    }

    private static String given() {
        return System.getProperty("orkestra.definitions", "");
    }
}
