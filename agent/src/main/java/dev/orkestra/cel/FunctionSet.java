package dev.orkestra.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects functions: how expressions may call them, and what they do. */
final class FunctionSet {
    private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
    private final Map<String, List<CelFunctionBinding>> bindings = new LinkedHashMap<>();

    /** What a function does: plain code without a state. */
    @FunctionalInterface
    interface Body {
        Object apply(Object[] arguments);
    }

    /** One way to call a function, with the Java classes of its arguments. */
    record Form(String id, CelType result, List<CelType> arguments, List<Class<?>> classes) {}

    /** {@code subject.name(others)}; the first argument is the subject. */
    void member(String name, Form form, Body body) {
        add(name, form, body, CelOverloadDecl.newMemberOverload(form.id(), form.result(), form.arguments()));
    }

    /** {@code name(arguments)}. */
    void global(String name, Form form, Body body) {
        add(name, form, body, CelOverloadDecl.newGlobalOverload(form.id(), form.result(), form.arguments()));
    }

    private void add(String name, Form form, Body body, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, _ -> new ArrayList<>()).add(overload);
        bindings.computeIfAbsent(name, _ -> new ArrayList<>())
                .add(CelFunctionBinding.from(form.id(), form.classes(), overload(body)));
    }

    /**
     * Members of lists, one form for each type of item. While running, a list does not know its items' type, so one
     * body serves them all.
     */
    void memberOfLists(String name, Map<String, Form> forms, Body body) {
        List<CelFunctionBinding> all = bindings.computeIfAbsent(name, _ -> new ArrayList<>());
        forms.values().forEach(form -> {
            overloads
                    .computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(CelOverloadDecl.newMemberOverload(form.id(), form.result(), form.arguments()));
            all.add(CelFunctionBinding.from(form.id(), form.classes(), overload(body)));
        });
        all.add(CelFunctionBinding.from(name, List.<Class<?>>of(List.class), overload(body)));
    }

    @SuppressWarnings("Immutable") // bodies have no state
    private static CelFunctionOverload overload(Body body) {
        return body::apply;
    }

    List<CelFunctionDecl> declarations() {
        return overloads.entrySet().stream()
                .map(function -> CelFunctionDecl.newFunctionDeclaration(function.getKey(), function.getValue()))
                .toList();
    }

    List<CelFunctionBinding> bindings() {
        List<CelFunctionBinding> all = new ArrayList<>();
        bindings.forEach((name, forms) -> all.addAll(CelFunctionBinding.fromOverloads(name, forms)));
        return all;
    }
}
