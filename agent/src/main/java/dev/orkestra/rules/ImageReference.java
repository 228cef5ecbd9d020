package dev.orkestra.rules;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The grammar of image references: {@code [domain[:port]/]path[:tag][@digest]}, as container runtimes read them
 * (github.com/distribution/reference).
 */
final class ImageReference {
    private static final int LONGEST_NAME = 255;
    /** Longer than any that is one; what is matched below is short, then. */
    private static final int LONGEST = 1_000;

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*", Pattern.DOTALL);
    private static final Pattern DOMAIN = Pattern.compile("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9.-]+)(:[0-9]+)?");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+((\\.|__?|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    private ImageReference() {}

    static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /** What keeps {@code text} from being an image reference; empty when it is one. */
    static Optional<String> problem(String text) {
        if (text.length() > LONGEST) {
            return Optional.of("it is too long");
        }
        if (text.chars().anyMatch(Character::isWhitespace)) {
            return Optional.of("there is a blank in it");
        }
        if (SCHEME.matcher(text).matches()) {
            return Optional.of("it begins with '" + text.substring(0, text.indexOf("://") + 3) + "'");
        }
        int at = text.indexOf('@');
        if (at >= 0 && !DIGEST.matcher(text.substring(at + 1)).matches()) {
            return Optional.of("what follows '@' is no digest");
        }
        String tagged = at < 0 ? text : text.substring(0, at);
        int colon = tagged.lastIndexOf(':');
        boolean hasTag = colon > tagged.lastIndexOf('/');
        if (hasTag && !isTag(tagged.substring(colon + 1))) {
            return Optional.of("what follows ':' is no tag");
        }
        return name(hasTag ? tagged.substring(0, colon) : tagged);
    }

    private static Optional<String> name(String name) {
        if (name.length() > LONGEST_NAME) {
            return Optional.of("its name is longer than " + LONGEST_NAME + " characters");
        }
        int slash = name.indexOf('/');
        String head = slash < 0 ? "" : name.substring(0, slash);
        // As runtimes do: what looks like no host is the first part of the path.
        boolean hasDomain = head.contains(".") || head.contains(":") || head.equals("localhost");
        if (hasDomain && !isDomain(head)) {
            return Optional.of("'" + head + "' is no host");
        }
        for (String component : (hasDomain ? name.substring(slash + 1) : name).split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                return Optional.of(componentProblem(component));
            }
        }
        return Optional.empty();
    }

    private static boolean isDomain(String text) {
        if (!DOMAIN.matcher(text).matches()) {
            return false;
        }
        if (text.startsWith("[")) {
            return true;
        }
        int colon = text.indexOf(':');
        for (String label : (colon < 0 ? text : text.substring(0, colon)).split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    private static String componentProblem(String component) {
        if (component.isEmpty()) {
            return "a part of its path is empty";
        }
        return component.chars().anyMatch(Character::isUpperCase)
                ? "'" + component + "' has upper-case letters"
                : "'" + component + "' has other characters than a-z, 0-9 and single '.', '_' and '-' between them";
    }
}
