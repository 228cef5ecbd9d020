package dev.orkestra.katalog;

import java.util.List;

/**
 * One key that newer versions of the format know by another name or in another place.
 *
 * @param place where the old key stood, and where both paths begin
 * @param from the keys that led to the old place
 * @param to the keys that lead to the new place; empty where there is none any more
 * @param since upstream's version from which on the new place holds; empty where upstream's history does not tell
 */
record MovedKey(GenerationPlace place, List<String> from, List<String> to, String since) {
    MovedKey {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    boolean isDropped() {
        return to.isEmpty();
    }

    String oldName() {
        return place.name(String.join(".", from));
    }

    String newName() {
        return place.name(String.join(".", to));
    }
}
