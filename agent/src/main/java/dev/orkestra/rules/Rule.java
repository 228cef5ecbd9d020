package dev.orkestra.rules;

import dev.orkestra.outcome.Severity;
import java.util.Set;

/**
 * One rule: a small function that looks at a whole document.
 *
 * @param info what people read about it
 * @param kinds the kinds of documents that it is about
 * @param check finds what breaks it; sees documents that break their schema as well, so it takes no type for granted
 */
record Rule(RuleInfo info, Set<String> kinds, Check check) {
    private static final Set<String> KATALOGS = Set.of("Katalog");

    /** Looks at a document and reports. */
    @FunctionalInterface
    interface Check {
        void check(View view, Report report);
    }

    /** A rule about composed Katalogs whose findings refuse the document. */
    static Rule error(String id, String summary, String why, String origin, Check check) {
        return new Rule(new RuleInfo(id, Severity.ERROR, summary, why, origin), KATALOGS, check);
    }

    /** A rule about composed Katalogs whose findings stop nothing. */
    static Rule warning(String id, String summary, String why, String origin, Check check) {
        return new Rule(new RuleInfo(id, Severity.WARNING, summary, why, origin), KATALOGS, check);
    }

    /** A rule about composed Katalogs that tells what is good to know. */
    static Rule info(String id, String summary, String why, String origin, Check check) {
        return new Rule(new RuleInfo(id, Severity.INFO, summary, why, origin), KATALOGS, check);
    }

    /** This rule, about documents of other kinds than Katalogs, or of these as well. */
    Rule about(String... others) {
        return new Rule(info, Set.of(others), check);
    }

    String id() {
        return info.id();
    }
}
