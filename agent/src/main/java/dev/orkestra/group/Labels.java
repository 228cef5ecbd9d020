package dev.orkestra.group;

import java.util.regex.Pattern;

/** What Kubernetes takes as names and label values. */
final class Labels {
    private static final Pattern LABEL_VALUE = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Labels() {}

    static boolean isLabelValue(String text) {
        return LABEL_VALUE.matcher(text).matches();
    }

    static boolean isDnsLabel(String text) {
        return DNS_LABEL.matcher(text).matches();
    }
}
