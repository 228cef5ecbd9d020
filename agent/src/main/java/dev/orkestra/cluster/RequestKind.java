package dev.orkestra.cluster;

/**
 * Key of the request counters.
 *
 * @param verb what was asked
 * @param status HTTP status of the answer; 0 when there was none
 */
public record RequestKind(Verb verb, int status) implements Comparable<RequestKind> {
    @Override
    public int compareTo(RequestKind other) {
        int byVerb = verb.compareTo(other.verb);
        return byVerb != 0 ? byVerb : Integer.compare(status, other.status);
    }
}
