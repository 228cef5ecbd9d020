package dev.orkestra.rules;

import dev.orkestra.outcome.Severity;

/**
 * What people read about a rule, on its page and in their editor.
 *
 * @param id stable name, such as {@code QueueUnlimited}: settings and suppressions name it, so it never changes
 * @param severity how seriously it is taken when no settings say otherwise
 * @param summary one sentence without a full stop: what is found, such as "a work queue has no upper bound"
 * @param why what goes wrong at run time, and what to do instead; plain text, a paragraph
 * @param origin who says so: the step of Orkestra's own validation, or this agent
 */
public record RuleInfo(String id, Severity severity, String summary, String why, String origin) {}
