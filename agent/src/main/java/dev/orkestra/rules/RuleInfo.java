package dev.orkestra.rules;

import dev.orkestra.outcome.Severity;

/**
 * What people read about a finding, on its page and in their editor.
 *
 * @param id stable name, such as {@code QueueUnlimited}: settings and suppressions name it, so it never changes
 * @param severity how seriously it is taken when no settings say otherwise; the worst where that depends
 * @param summary one sentence without a full stop: what is found, such as "a work queue has no upper bound"
 * @param why what goes wrong at run time, and what to do instead; plain text, a paragraph, whose line breaks are
 *     taken out
 * @param origin who says so: the step of Orkestra's own validation, or this agent
 * @param settable what settings can change about it
 */
public record RuleInfo(String id, Severity severity, String summary, String why, String origin, Settable settable) {

    /** The paragraph on one line: made when somebody reads it, for every command makes all rules when it starts. */
    @Override
    public String why() {
        return why.strip().replaceAll("\\s+", " ");
    }

    /** A rule: settings decide. */
    public RuleInfo(String id, Severity severity, String summary, String why, String origin) {
        this(id, severity, summary, why, origin, Settable.ALL);
    }

    /** What settings can change about a finding. */
    public enum Settable {
        /** Its severity, and whether it is found at all. */
        ALL,
        /** It comes as an error and as something less, and its errors stay errors. */
        UNLESS_ERROR,
        /** Nothing: without it there would be nothing to deploy. */
        NONE
    }
}
