package dev.orkestra.template;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The functions that a template may call. */
public final class Functions {
    private static final FunctionTable TABLE = FunctionTable.read();
    private static final Functions BUILT_IN = new Functions(TABLE.functions());

    private final Map<String, Signature> byName;

    private Functions(Map<String, Signature> byName) {
        this.byName = byName;
    }

    /** Those of Go itself, and the notes that upstream's runtime has. */
    public static Functions builtIn() {
        return BUILT_IN;
    }

    /** The titles of the domains of {@link #builtIn()} by their words, in the order in which people should see them. */
    public static Map<String, String> domains() {
        return TABLE.titles();
    }

    /** These, and notes that a Katalog declares. One with the name of a function here takes its place. */
    public Functions withNotes(Collection<String> names) {
        return with(names, Signature::note);
    }

    /** These, and sentinels: words without arguments. One with the name of a function here takes its place. */
    public Functions withSentinels(Collection<String> names) {
        return with(names, Signature::sentinel);
    }

    /** These, and the ones with these signatures. One with the name of a function here takes its place. */
    public Functions with(Collection<Signature> functions) {
        Map<String, Signature> all = new LinkedHashMap<>(byName);
        functions.forEach(function -> all.put(function.name(), function));
        return new Functions(all);
    }

    private Functions with(Collection<String> names, Function<String, Signature> signature) {
        if (names.isEmpty()) {
            return this;
        }
        Map<String, Signature> all = new LinkedHashMap<>(byName);
        names.forEach(name -> all.put(name, signature.apply(name)));
        return new Functions(all);
    }

    /** How the function is called, if there is one of that name. */
    public Optional<Signature> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** All of them, domain by domain. */
    public List<Signature> all() {
        return List.copyOf(byName.values());
    }

    Set<String> names() {
        return byName.keySet();
    }
}
