package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Node;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Diagnostic;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The answer to a {@link ComposeRequest}. */
public sealed interface Composition {
    /**
     * The effective Katalog.
     *
     * @param katalog the whole document, kind Katalog; every node keeps the place that wrote it
     * @param files the files that were read, by the names that positions carry, in the order of reading
     * @param pins what came from a network, by {@link Need#key}: what a lock file holds
     * @param findings warnings and notes, by place; never an error
     */
    record Composed(Node.MapNode katalog, List<String> files, SortedMap<String, Pin> pins, List<Diagnostic> findings)
            implements Composition {
        public Composed {
            files = List.copyOf(files);
            pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
            findings = List.copyOf(findings);
        }

        /** The Katalog as YAML: the same content is always the same text. */
        public String text() {
            return YamlPrinter.printSorted(katalog.toJson());
        }

        /** The ConfigMap {@code orkestra-katalog} in the namespace of the entry's metadata, else {@code orkestra}. */
        public ObjectNode configMap() {
            return configMap(katalog.map("metadata")
                    .flatMap(metadata -> metadata.text("namespace"))
                    .orElse(KatalogConfigMap.DEFAULT_NAMESPACE));
        }

        /** The ConfigMap {@code orkestra-katalog} in {@code namespace}. */
        public ObjectNode configMap(String namespace) {
            return KatalogConfigMap.of(namespace, text());
        }
    }

    /**
     * More is to be fetched.
     *
     * @param needs in the order of the imports, each path once
     */
    record NeedsInput(List<Need> needs) implements Composition {
        public NeedsInput {
            needs = List.copyOf(needs);
        }
    }

    /**
     * Nothing to deploy.
     *
     * @param findings at least one error, by place; warnings with them
     */
    record Refused(List<Diagnostic> findings) implements Composition {
        public Refused {
            findings = List.copyOf(findings);
        }
    }
}
