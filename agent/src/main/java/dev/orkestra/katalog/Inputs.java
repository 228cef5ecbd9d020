package dev.orkestra.katalog;

import dev.orkestra.document.LimitHints;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a composition reads, within its limits. What is not at hand becomes a need; what cannot be had becomes a finding
 * at the import that asked for it. Remembers which import led to which file.
 */
final class Inputs {
    private static final String MAX_IMPORTS = "maxImports";

    private final ComposeRequest request;
    private final List<Diagnostic> findings;
    private final Map<String, Need> needs = new LinkedHashMap<>();
    private final Map<String, Location> locations = new HashMap<>();
    private final Map<String, List<Position>> chains = new HashMap<>();
    private final Set<String> files = new LinkedHashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> counted = new HashSet<>();
    private final Set<String> limitsReached = new HashSet<>();
    private final Map<String, String> renderings = new HashMap<>();
    private final SortedMap<String, Pin> pins = new TreeMap<>();
    private final Locks locks;
    private final Growth growth;
    private long bytes;
    private boolean incomplete;

    Inputs(ComposeRequest request, List<Diagnostic> findings) {
        this.request = request;
        this.findings = findings;
        this.locks = new Locks(request, findings);
        this.growth = new Growth(request.limits().maxNodes());
    }

    /** The entry itself. */
    Location entry() {
        return new Location.InRepository(request.entry(), request.shownAs());
    }

    /** What must be fetched before this composition can say anything. */
    List<Need> needs() {
        return List.copyOf(needs.values());
    }

    /** Whether something could not be had, so that what is missing elsewhere may be no mistake. */
    boolean isIncomplete() {
        return incomplete;
    }

    void markIncomplete() {
        incomplete = true;
    }

    /** Whether there is no use in fetching more: there are more imports than are allowed. */
    boolean hasTooMany() {
        return limitsReached.contains(MAX_IMPORTS);
    }

    /** All files that were read, in the order of reading. */
    List<String> files() {
        return List.copyOf(files);
    }

    /** What came from a network, by {@link Need#key}. */
    SortedMap<String, Pin> pins() {
        return pins;
    }

    /** Where the file of {@code position} stands. */
    Location locationOf(Position position) {
        Location location = locations.get(position.file());
        return location == null ? entry() : location;
    }

    /** The imports that led to the file of {@code position}, the nearest first. */
    List<Position> chainOf(Position position) {
        return chains.getOrDefault(position.file(), List.of());
    }

    /** Remembers that {@code askedBy} led to {@code location}, if nothing did before. */
    void cameFrom(Location location, @Nullable Position askedBy) {
        locations.putIfAbsent(location.shown(), location);
        if (askedBy != null
                && !chains.containsKey(location.shown())
                && !location.key().equals(entry().key())) {
            List<Position> chain = new ArrayList<>();
            chain.add(askedBy);
            chain.addAll(chainOf(askedBy));
            chains.put(location.shown(), chain);
        }
    }

    /** The content of a file; empty when it is needed first, or cannot be had. */
    Optional<byte[]> bytes(Location location, @Nullable Position askedBy) {
        cameFrom(location, askedBy);
        Optional<byte[]> content = switch (location) {
            case Location.InRepository file -> repositoryFile(file, askedBy);
            case Location.OnWeb web ->
                remote(new Need.WebFile(web.url(), web.auth(), Optional.empty(), askedBy), web.shown())
                        .flatMap(all -> all.contents().values().stream().findFirst());
            case Location.InArchive(String name, Provided.Files all, String path) -> {
                Optional<byte[]> found = Optional.ofNullable(all.contents().get(path));
                if (found.isEmpty()) {
                    fail(ErrorCode.NotFound, name + " has no file " + path, askedBy, "check its name and the version");
                }
                yield found;
            }
            case Location.Rendered rendered ->
                throw new IllegalStateException("what was rendered is read where it was rendered: " + rendered);
        };
        if (content.isPresent()) {
            files.add(location.shown());
        }
        return content;
    }

    private Optional<byte[]> repositoryFile(Location.InRepository file, @Nullable Position askedBy) {
        return switch (answer(new Need.RepositoryFile(file.path(), askedBy))) {
            case Answer.Pending _ -> Optional.empty();
            case Answer.Here(Provided.Content(byte[] content)) ->
                within(file.path(), content.length, askedBy) ? Optional.of(content) : Optional.empty();
            case Answer.Here(Provided provided) -> {
                refused(file.shown(), provided, askedBy, Position.startOf(file.shown()));
                yield Optional.empty();
            }
        };
    }

    /** Files of the repository or made by a child process; empty when they are needed first, or cannot be had. */
    Optional<Provided.Files> folder(Need.RepositoryFolder need, String shown) {
        return switch (answer(need)) {
            case Answer.Pending _ -> Optional.empty();
            case Answer.Here(Provided.Files all) -> counted(need, all);
            case Answer.Here(Provided.Absent _) -> {
                fail(
                        ErrorCode.NotFound,
                        "the folder " + shown + " is not there",
                        need.askedBy(),
                        "check the path; it is relative to the folder of the file that names it");
                yield Optional.empty();
            }
            case Answer.Here(Provided provided) -> {
                refused(shown, provided, need.askedBy(), null);
                yield Optional.empty();
            }
        };
    }

    /** What Helm renders; empty when it is to be rendered first, or cannot be. */
    Optional<byte[]> rendered(Need.Rendering need, Location.Rendered location) {
        String shown = location.shown();
        cameFrom(location, need.askedBy());
        return switch (answer(need)) {
            case Answer.Pending _ -> Optional.empty();
            case Answer.Here(Provided.Content(byte[] content)) -> {
                files.add(shown);
                yield within(need.key(), content.length, need.askedBy()) ? Optional.of(content) : Optional.empty();
            }
            case Answer.Here(Provided provided) -> {
                refused(shown, provided, need.askedBy(), null);
                yield Optional.empty();
            }
        };
    }

    /** Where what {@code need} renders stands: one chart with other values has another name, and so other places. */
    Location.Rendered locationOf(Need.Rendering need, String shown) {
        String key = need.key();
        if (!renderings.containsKey(key)) {
            int number = 1;
            String name = shown;
            while (renderings.containsValue(name)) {
                name = shown + "#" + ++number;
            }
            renderings.put(key, name);
        }
        return new Location.Rendered(renderings.get(key));
    }

    /** The value of a variable; empty when it is to be read first, or is not set. */
    Optional<String> variable(String name, Position askedBy) {
        return switch (answer(new Need.Variable(name, askedBy))) {
            case Answer.Pending _ -> Optional.empty();
            case Answer.Here(Provided.Content(byte[] value))
            when value.length > 0 -> Optional.of(new String(value, java.nio.charset.StandardCharsets.UTF_8));
            case Answer.Here(Provided.Unreadable(ErrorCode code, String message, String hint)) -> {
                fail(code, "$" + name + ": " + message, askedBy, hint);
                yield Optional.empty();
            }
            case Answer.Here _ -> {
                fail(
                        ErrorCode.MissingField,
                        "the variable $" + name + " is not set",
                        askedBy,
                        "set it in the environment, or write the path or URL itself");
                yield Optional.empty();
            }
        };
    }

    /** Files from a network, as the lock file has them; empty when they are needed first, or cannot be had. */
    Optional<Provided.Files> remote(Need.Remote asked, String shown) {
        Locks.Lock lock = locks.of(asked, this);
        if (!(lock instanceof Locks.Lock.Fetch(Optional<Pin> pin))) {
            incomplete |= lock instanceof Locks.Lock.Refused;
            return Optional.empty();
        }
        Need.Remote need = asked.lockedTo(pin);
        return switch (answer(need)) {
            case Answer.Pending _ -> Optional.empty();
            case Answer.Here(Provided.Files all) -> {
                pins.put(need.key(), all.pin());
                if (!locks.accepts(need, all.pin())) {
                    incomplete = true;
                    yield Optional.empty();
                }
                yield counted(need, all);
            }
            case Answer.Here(Provided provided) -> {
                refused(shown, provided, need.askedBy(), null);
                yield Optional.empty();
            }
        };
    }

    /** What is at hand for a file whose absence is no trouble, such as the lock file. */
    Answer optional(Need need) {
        return answer(need);
    }

    /** Whether a need is answered. */
    sealed interface Answer {
        record Here(Provided provided) implements Answer {}

        record Pending() implements Answer {}
    }

    private Answer answer(Need need) {
        Provided provided = request.provided().get(need.key());
        if (!mayAsk(need)) {
            return new Answer.Pending();
        }
        if (provided == null) {
            needs.putIfAbsent(need.key(), need);
            return new Answer.Pending();
        }
        return new Answer.Here(provided);
    }

    /** Whether it is within the number of imports: the entry, its lock file and variables do not count. */
    private boolean mayAsk(Need need) {
        Position askedBy = need.askedBy();
        int most = request.importLimits().maxImports();
        if (askedBy == null || need instanceof Need.Variable || asked.contains(need.key())) {
            return true;
        }
        if (asked.size() >= most) {
            limit(MAX_IMPORTS, "more than " + most + " imports", askedBy);
            return false;
        }
        asked.add(need.key());
        return true;
    }

    private Optional<Provided.Files> counted(Need need, Provided.Files all) {
        long size = all.contents().values().stream()
                .mapToLong(content -> content.length)
                .sum();
        return within(need.key(), size, need.askedBy()) ? Optional.of(all) : Optional.empty();
    }

    /** Counts what was read, each thing once; false when it is more than the limits allow. The entry does not count. */
    private boolean within(String key, long size, @Nullable Position askedBy) {
        if (askedBy == null || !counted.add(key)) {
            return true;
        }
        bytes += size;
        if (bytes > request.importLimits().maxImportBytes()) {
            tooManyBytes(askedBy);
            return false;
        }
        return true;
    }

    private void tooManyBytes(Position askedBy) {
        long most = request.importLimits().maxImportBytes();
        limit("maxImportBytes", "the imports have more than " + most + " bytes", askedBy);
    }

    /** Whether {@code depth} imports may lead to what is named at {@code askedBy}. */
    boolean mayImport(int depth, Position askedBy) {
        int most = request.importLimits().maxImportDepth();
        if (depth > most) {
            limit("maxImportDepth", "more than " + most + " imports lead to what is imported here", askedBy);
            return false;
        }
        return true;
    }

    /**
     * Whether {@code part} may be put in one more place. A small file can be included, or imported as a Motif, in very
     * many places; together they may have as many keys and values as one file may.
     */
    boolean mayGrow(Node part, Position askedBy) {
        int most = request.limits().maxNodes();
        if (!growth.takes(part)) {
            limit("maxNodes", "includes and Motifs add more than " + most + " keys and values", askedBy);
            return false;
        }
        return true;
    }

    /** Whether a text of {@code length} characters may be put in one more place, as {@link #mayGrow}. */
    boolean mayGrowBy(int length, Position askedBy) {
        if (!growth.takesText(length)) {
            limit(
                    "maxNodes",
                    "includes and Motifs add more than " + request.limits().maxNodes() + " keys and values",
                    askedBy);
            return false;
        }
        return true;
    }

    /** Says once that a limit is reached; all that is beyond it is left out. */
    private void limit(String name, String message, Position askedBy) {
        incomplete = true;
        if (!limitsReached.add(name)) {
            return;
        }
        fail(
                ErrorCode.LimitExceeded,
                message + " (limit " + name + ")",
                askedBy,
                "split the Komposer, or " + LimitHints.raise(name));
    }

    private void refused(String shown, Provided provided, @Nullable Position askedBy, @Nullable Position itself) {
        Position position = askedBy == null ? itself : askedBy;
        if (provided.equals(BoundedInputs.TOO_MUCH) && askedBy != null) {
            tooManyBytes(askedBy);
            return;
        }
        switch (provided) {
            case Provided.Absent() ->
                fail(
                        ErrorCode.NotFound,
                        isRemote(shown) ? shown + " is not there" : "the file " + shown + " is not there",
                        position,
                        isRemote(shown)
                                ? "check the address and the version"
                                : "check the path; it is relative to the folder of the file that names it");
            case Provided.Unreadable(ErrorCode code, String message, String hint) ->
                fail(code, shown + ": " + message, position, hint);
            case Provided.Content _, Provided.Files _ ->
                throw new IllegalStateException("not what was asked for: " + shown);
        }
    }

    private static boolean isRemote(String shown) {
        return shown.contains("://");
    }

    void fail(ErrorCode code, String message, @Nullable Position position, String hint) {
        incomplete = true;
        findings.add(Diagnostic.error(code, message, position, hint));
    }
}
