package dev.orkestra.plan;

/**
 * What somebody should know before a step is carried out.
 *
 * @param text one line for people, without the object's name
 */
public record Risk(Kind kind, String text) {
    /** What the trouble is. */
    public enum Kind {
        /** A CRD stores its objects in another version from now on. */
        STORAGE_VERSION(true),
        /** A CRD loses a version that objects may be stored in, or that somebody asks for. */
        VERSION_REMOVED(true),
        /** Claims that exist keep the shape that they have. */
        VOLUME_CLAIM_TEMPLATES(true),
        /** What is deleted and created again holds data, or what holds data hangs on it. */
        REPLACED_DATA(true),
        /** It is away for a moment, and what it gets from others (an address, a uid) can be another one after that. */
        REPLACED(false),
        /** Applications of a group are uninstalled. */
        RELEASE_REMOVED(true);

        private final boolean pointOfNoReturn;

        Kind(boolean pointOfNoReturn) {
            this.pointOfNoReturn = pointOfNoReturn;
        }

        /** Whether applying the old commit again does not bring back what was. */
        public boolean isPointOfNoReturn() {
            return pointOfNoReturn;
        }
    }

    public boolean isPointOfNoReturn() {
        return kind.isPointOfNoReturn();
    }
}
