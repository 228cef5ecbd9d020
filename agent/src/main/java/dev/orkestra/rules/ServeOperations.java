package dev.orkestra.rules;

import java.util.List;

/** What callers can do with what is served; Orkestra's list (pkg/types/types_serve_token.go). */
final class ServeOperations {
    static final List<String> ALL = List.of("get", "list", "create", "update", "delete", "*");

    private ServeOperations() {}
}
