package dev.orkestra.desired;

/**
 * A place in the order of a run: layers before phases before waves (DESIGN.md §4.5).
 *
 * @param layer the layer's wave number from the ConfigRepo
 * @param phase hook phase inside the layer
 * @param number the object's own wave, else the layer's
 */
public record Wave(int layer, Phase phase, int number) implements Comparable<Wave> {
    /** Phases of one layer, in order. The names are persisted. */
    public enum Phase {
        PRE_SYNC("PreSync"),
        SYNC("Sync"),
        POST_SYNC("PostSync"),
        /** Not a part of the way: hooks of a layer that the run had reached when it failed. */
        SYNC_FAIL("SyncFail");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        /** As people write it in {@code argocd.argoproj.io/hook}. */
        public String text() {
            return text;
        }
    }

    public static Wave sync(int layer, int number) {
        return new Wave(layer, Phase.SYNC, number);
    }

    @Override
    public int compareTo(Wave other) {
        int order = Integer.compare(layer, other.layer);
        order = order != 0 ? order : phase.compareTo(other.phase);
        return order != 0 ? order : Integer.compare(number, other.number);
    }

    /** {@code 2}, or {@code 0/5} where the wave's number differs from its layer's; {@code 2 PreSync} of a phase. */
    @Override
    public String toString() {
        String inLayer = layer == number ? Integer.toString(number) : layer + "/" + number;
        return phase == Phase.SYNC ? inLayer : inLayer + " " + phase.text();
    }
}
