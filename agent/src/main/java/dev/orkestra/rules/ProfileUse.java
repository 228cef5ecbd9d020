package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place where a resource template names a preset instead of saying the same at length.
 *
 * @param presets where the preset comes from
 * @param id what the ids of its rules are made of
 * @param word what it is a preset of
 * @param lists the lists of resource templates that have it
 * @param path the preset's name, from the resource template
 * @param details what the preset stands for, from the resource template: not to be written beside it
 * @param step number of upstream's validation step
 */
record ProfileUse(
        Presets presets, String id, String word, List<String> lists, String path, List<String> details, int step) {

    List<Rule> rules() {
        return List.of(unknownRule(), mixedRule());
    }

    private Rule unknownRule() {
        String offer = presets.builtIn().isEmpty()
                ? "None is built in, so declare it"
                : "Built in are " + String.join(", ", presets.builtIn()) + "; others are declared";
        return Rule.error(
                "Unknown" + id + "Profile",
                "a " + word + " profile is named that there is not",
                "Nobody knows what it stands for, and the object cannot be made. " + offer + " under profiles."
                        + presets.declaredUnder()
                        + ", here or in a Katalog that is imported. A template is only known at run time and not"
                        + " looked at.",
                origin(),
                this::unknown);
    }

    private Rule mixedRule() {
        return Rule.error(
                id + "ProfileMixed",
                "a " + word + " profile stands beside what it sets itself",
                "A profile is the whole of it and cannot be changed in parts. Keep the profile alone, or write "
                        + Words.and(keys(details)) + " and no profile; a profile of your own under profiles."
                        + presets.declaredUnder() + " can hold them.",
                origin(),
                this::mixed);
    }

    private String origin() {
        return "Orkestra refuses it as well (validation step " + step + ")";
    }

    private Stream<Resource> users(View view) {
        return view.resources(lists.toArray(String[]::new))
                .filter(resource -> Fields.plainText(resource.node(), path).isPresent());
    }

    private void unknown(View view, Report report) {
        Presets.Names names = presets.names(view);
        users(view).forEach(resource -> {
            String name = Fields.plainText(resource.node(), path).orElseThrow();
            if (!names.has(name)) {
                report.at(
                        Fields.get(resource.node(), path).orElseThrow(),
                        "there is no " + word + " profile '" + name + "' for the " + resource.shown(),
                        names.hint(name));
            }
        });
    }

    private void mixed(View view, Report report) {
        users(view).forEach(resource -> {
            Node.MapNode node = resource.node();
            List<String> beside = details.stream()
                    .filter(detail -> Fields.isSet(node, detail))
                    .toList();
            if (!beside.isEmpty()) {
                int dot = path.lastIndexOf('.');
                Node.MapNode holder = dot < 0
                        ? node
                        : Fields.map(node, path.substring(0, dot)).orElseThrow();
                report.at(
                        holder,
                        path.substring(dot + 1),
                        "the " + word + " profile of the " + resource.shown() + " stands beside "
                                + Words.and(keys(beside)) + ", which it sets itself",
                        "keep the profile alone, or remove it");
            }
        });
    }

    private static List<String> keys(List<String> paths) {
        return paths.stream()
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .toList();
    }
}
