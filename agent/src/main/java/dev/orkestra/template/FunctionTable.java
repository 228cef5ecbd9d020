package dev.orkestra.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The table of built-in functions: the file {@code functions.txt} says what is in it.
 *
 * @param titles by domain
 * @param functions by name
 */
record FunctionTable(Map<String, String> titles, Map<String, Signature> functions) {
    private static final String FILE = "functions.txt";
    private static final String DOMAIN = "== ";

    FunctionTable {
        titles = Collections.unmodifiableMap(new LinkedHashMap<>(titles));
        functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
    }

    /** Reads what this program brings along. */
    static FunctionTable read() {
        try (InputStream file = FunctionTable.class.getResourceAsStream(FILE)) {
            return parse(new String(Objects.requireNonNull(file, FILE).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FunctionTable parse(String text) {
        Map<String, String> titles = new LinkedHashMap<>();
        Map<String, Signature> functions = new LinkedHashMap<>();
        String domain = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith(DOMAIN)) {
                int space = line.indexOf(' ', DOMAIN.length());
                domain = line.substring(DOMAIN.length(), space);
                titles.put(domain, line.substring(space + 1));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                Signature function = signature(domain, line);
                if (functions.put(function.name(), function) != null) {
                    throw new IllegalStateException(FILE + " has '" + function.name() + "' twice");
                }
            }
        }
        return new FunctionTable(titles, functions);
    }

    private static Signature signature(String domain, String line) {
        int colon = line.indexOf(" : ");
        String call = line.substring(0, colon);
        int space = call.indexOf(' ');
        String name = space < 0 ? call : call.substring(0, space);
        String usage = space < 0 ? "" : call.substring(space + 1);
        int min = 0;
        int max = 0;
        for (String argument : usage.isEmpty() ? new String[0] : usage.split(" ", -1)) {
            if (argument.endsWith("...")) {
                max = Signature.UNBOUNDED;
            } else {
                min += argument.startsWith("[") ? 0 : 1;
                max++;
            }
        }
        return new Signature(name, domain, usage, min, max, line.substring(colon + 3));
    }
}
