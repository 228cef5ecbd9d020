package dev.orkestra.cel;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What is known of a value before there is one: expressions are checked against it, and values are read by it. */
public sealed interface CelShape {
    /** Values without parts. {@link #ANY} may be whatever it is: nothing about it is checked beforehand. */
    enum Scalar implements CelShape {
        ANY,
        BOOL,
        INT,
        DOUBLE,
        STRING,
        /** Text in base 64. */
        BYTES,
        /** Text: a moment or a day. */
        TIMESTAMP,
        /** Text as in {@code 1h30m}. */
        DURATION
    }

    /**
     * A list.
     *
     * @param ordered whether the order of the items counts; where it does not, Kubernetes compares and joins lists in
     *     a way of its own, which is not done here
     */
    record ListOf(CelShape item, boolean ordered) implements CelShape {}

    /** A mapping with any keys. */
    record MapOf(CelShape value) implements CelShape {}

    /**
     * A mapping with known fields; no others can be named.
     *
     * @param fields by the names as they are written in documents
     */
    record ObjectOf(Map<String, CelShape> fields) implements CelShape {
        public ObjectOf {
            fields = Collections.unmodifiableMap(new TreeMap<>(fields));
        }
    }

    /** A value that may be there, or not: {@code optional.of(…)} or {@code optional.none()}. */
    record OptionalOf(CelShape value) implements CelShape {}
}
