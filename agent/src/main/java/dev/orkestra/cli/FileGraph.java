package dev.orkestra.cli;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ReadResult;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.DeclaredCharts;
import dev.orkestra.group.GroupPicture;
import dev.orkestra.group.GroupRules;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The graph of a group that stands in a file, as far as it is known without its charts. */
final class FileGraph {
    private final Terminal terminal;
    private final Limits limits;

    FileGraph(Terminal terminal, Limits limits) {
        this.terminal = terminal;
        this.limits = limits;
    }

    /**
     * Draws the group {@code name} of {@code file}, or the only one.
     *
     * @throws GraphCommand.NoPicture when there is none
     */
    GraphCommand.Drawn draw(Path file, Optional<String> name, boolean reverse) {
        byte[] bytes = switch (NamedFile.open(terminal.folder(), file, limits)) {
            case NamedFile.Read read -> read.bytes();
            case NamedFile.Unreadable(String reason) -> throw new GraphCommand.NoPicture(file + ": " + reason);
        };
        ReadResult read = DocumentReader.read(file.toString(), bytes, limits);
        Map<String, String> texts = Map.of(file.toString(), new String(bytes, StandardCharsets.UTF_8));
        List<Document> groups = read.documents().stream()
                .filter(each ->
                        each.kind().filter(ApplicationGroup.KIND::equals).isPresent())
                .filter(each -> each.apiVersion()
                        .filter(ApplicationGroup.API_VERSION::equals)
                        .isPresent())
                .toList();
        Document document = chosen(file, groups, name, read);
        List<Diagnostic> bySchema = Schemas.bundled().validate(document);
        List<Diagnostic> findings = new ArrayList<>(read.findings());
        findings.addAll(bySchema);
        findings.addAll(GroupRules.check(document, bySchema));
        // Warnings are 'ork validate's; here they would push the picture away.
        List<Diagnostic> errors = findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .sorted(Diagnostic.BY_POSITION)
                .toList();
        return new GraphCommand.Drawn(picture(document, reverse), errors, texts);
    }

    private static GroupPicture picture(Document document, boolean reverse) {
        ApplicationGroup group = ApplicationGroup.of(document.root().toJson());
        DeclaredCharts charts = DeclaredCharts.complete(group, StagedCharts.NONE);
        ReleaseGraph forward = ReleaseGraph.forward(group, charts.charts());
        List<String> notes = charts.guessed().isEmpty()
                ? List.of()
                : List.of("charts are not pulled for a file, so subcharts are those that are declared; a chart of "
                        + charts.guessed().stream().sorted().collect(Collectors.joining(", "))
                        + " that embeds more has more releases");
        return GroupPicture.of(
                group.name(), reverse ? "reverse" : "forward", reverse ? forward.reverse() : forward, Map.of(), notes);
    }

    private Document chosen(Path file, List<Document> groups, Optional<String> name, ReadResult read) {
        List<Document> named = groups.stream()
                .filter(each -> name.isEmpty() || name.get().equals(nameOf(each)))
                .toList();
        if (named.size() == 1 || name.isPresent() && !named.isEmpty()) {
            return named.getFirst();
        }
        if (groups.isEmpty()) {
            FindingPrinter printer = new FindingPrinter(terminal.err(), terminal.errColours());
            read.findings().forEach(finding -> printer.print(finding, _ -> Optional.empty()));
            throw new GraphCommand.NoPicture("there is no ApplicationGroup in " + file);
        }
        String there = Stream.concat(groups.stream().map(FileGraph::nameOf), Stream.<String>empty())
                .collect(Collectors.joining(", "));
        throw new GraphCommand.NoPicture(
                name.map(each -> "there is no ApplicationGroup " + each + " in " + file + ", but " + there)
                        .orElseGet(() -> file + " holds several groups; name one of " + there + " before -f"));
    }

    private static String nameOf(Document document) {
        return ApplicationGroup.of(document.root().toJson()).name();
    }
}
