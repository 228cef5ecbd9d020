package dev.orkestra.rules;

import java.util.regex.Pattern;

/** What Kubernetes takes for keys and values of labels. Annotations have the same keys. */
final class LabelSyntax {
    static final String KEY_HINT =
            "use a-z, A-Z, 0-9, '-', '_' and '.', at most 63 of them, beginning and ending with a"
                    + " letter or digit; a DNS name and '/' may stand before";
    static final String VALUE_HINT =
            "use at most 63 of a-z, A-Z, 0-9, '-', '_' and '.', beginning and ending with a letter or digit";

    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_PREFIX = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern DNS_PART = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private LabelSyntax() {}

    /** Whether {@code key} is a name, or a DNS name, {@code /} and a name. */
    static boolean isKey(String key) {
        int slash = key.indexOf('/');
        return isName(key.substring(slash + 1)) && (slash < 0 || isDnsName(key.substring(0, slash)));
    }

    static boolean isValue(String value) {
        return value.isEmpty() || isName(value);
    }

    private static boolean isName(String text) {
        return text.length() <= LONGEST_NAME && NAME.matcher(text).matches();
    }

    private static boolean isDnsName(String text) {
        if (text.length() > LONGEST_PREFIX) {
            return false;
        }
        for (String part : text.split("\\.", -1)) {
            if (!DNS_PART.matcher(part).matches()) {
                return false;
            }
        }
        return true;
    }
}
