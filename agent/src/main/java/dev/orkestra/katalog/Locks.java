package dev.orkestra.katalog;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds imports from a network against the lock file beside the entry. With it, one commit is one state for good,
 * whatever its upstreams do; so the agent refuses what is not in it (issue 4, docs/adr/0009).
 */
final class Locks {
    private final ComposeRequest request;
    private final List<Diagnostic> findings;
    /** Null before it is read; empty when it is of no use. */
    private @Nullable Optional<LockFile> read;

    Locks(ComposeRequest request, List<Diagnostic> findings) {
        this.request = request;
        this.findings = findings;
    }

    /** What the lock file says of an import. */
    sealed interface Lock {
        /** The lock file is to be read first. */
        record Pending() implements Lock {}

        /** It must not be fetched. */
        record Refused() implements Lock {}

        /** It may be fetched; if pinned, then that. */
        record Fetch(Optional<Pin> pin) implements Lock {}
    }

    Lock of(Need.Remote need, Inputs inputs) {
        if (request.lock() == LockMode.IGNORED) {
            return new Lock.Fetch(Optional.empty());
        }
        Optional<LockFile> known = read;
        if (known == null) {
            String path = LockFile.pathFor(request.entry());
            switch (inputs.optional(new Need.RepositoryFile(path, null))) {
                case Inputs.Answer.Pending _ -> {
                    return new Lock.Pending();
                }
                case Inputs.Answer.Here(Provided.Content(byte[] bytes)) -> known = parse(path, bytes);
                case Inputs.Answer.Here(Provided.Unreadable(ErrorCode code, String message, String hint)) -> {
                    known = Optional.empty();
                    inputs.fail(code, shown() + ": " + message, need.askedBy(), hint);
                }
                case Inputs.Answer.Here _ -> known = Optional.of(LockFile.empty());
            }
            read = known;
        }
        if (known.isEmpty()) {
            return new Lock.Refused();
        }
        LockFile file = known.get();
        Optional<Pin> pin = Optional.ofNullable(file.pins().get(need.key()));
        if (pin.isEmpty()) {
            unlocked(need);
        }
        return pin.isEmpty() && request.lock() == LockMode.REQUIRED ? new Lock.Refused() : new Lock.Fetch(pin);
    }

    /** Whether what was fetched is what the lock file has; if not, that is a finding. */
    boolean accepts(Need.Remote need, Pin fetched) {
        Optional<Pin> locked = need.locked();
        if (locked.isEmpty() || locked.get().digest().equals(fetched.digest())) {
            return true;
        }
        findings.add(Diagnostic.error(
                ErrorCode.LockMismatch,
                need.shown() + " is not what " + shown() + " holds: it is now " + text(fetched) + ", locked is "
                        + text(locked.get()),
                need.askedBy(),
                "see what changed upstream; to take it: " + command()));
        return false;
    }

    /** The lock file; empty when something is wrong with it, which has its finding. */
    private Optional<LockFile> parse(String path, byte[] bytes) {
        ReadResult result = DocumentReader.read(request.shownAs().apply(path), bytes, request.limits());
        List<Diagnostic> trouble = new ArrayList<>(result.findings());
        LockFile file = result.hasErrors()
                ? LockFile.empty()
                : LockFile.parse(result.documents(), request.shownAs().apply(path), trouble);
        findings.addAll(trouble);
        return Diagnostic.anyError(trouble) ? Optional.empty() : Optional.of(file);
    }

    private void unlocked(Need.Remote need) {
        String message = need.shown() + " is not in the lock file " + shown();
        if (request.lock() == LockMode.REQUIRED) {
            findings.add(Diagnostic.error(
                    ErrorCode.NotLocked, message, need.askedBy(), "write the lock file and commit it: " + command()));
        } else {
            findings.add(Diagnostic.warning(
                    ErrorCode.NotLocked,
                    message,
                    need.askedBy(),
                    "the agent takes only what is locked; write it: " + command()));
        }
    }

    private String shown() {
        return request.shownAs().apply(LockFile.pathFor(request.entry()));
    }

    private String command() {
        return "ork compose -f " + request.shownAs().apply(request.entry()) + " --lock";
    }

    private static String text(Pin pin) {
        return pin.digest() + (pin.resolved().isEmpty() ? "" : " (" + pin.resolved() + ")");
    }
}
