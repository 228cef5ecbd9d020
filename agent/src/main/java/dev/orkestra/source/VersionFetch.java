package dev.orkestra.source;

import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;

/**
 * Brings one version of a repository without its history. The server is asked in any case, also for what the mirror
 * has: knowing a mirror gives nobody a commit.
 */
final class VersionFetch {
    /** As few digits as Git itself prints. */
    private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-fA-F]{7,39}");

    private static final String HEADS = "refs/heads/";
    private static final String TAGS = "refs/tags/";

    private final Repository repository;
    private final String url;
    private final Exchange exchange;

    VersionFetch(Repository repository, String url, Exchange exchange) {
        this.repository = repository;
        this.url = url;
        this.exchange = exchange;
    }

    /** More than one commit begins with the digits that were given. */
    static final class AmbiguousException extends IOException {
        private static final long serialVersionUID = 1L;

        AmbiguousException() {
            super("more than one commit begins so");
        }
    }

    /** The commit that {@code version} names; it and its files are in the repository afterwards. */
    ObjectId bring(String version) throws IOException, URISyntaxException {
        if (ObjectId.isId(version)) {
            return commit(byId(ObjectId.fromString(version.toLowerCase(Locale.ROOT))));
        }
        Optional<ObjectId> named = byName(names(version));
        if (named.isPresent()) {
            return commit(named.get());
        }
        if (!ABBREVIATED.matcher(version).matches()) {
            throw new BareMirror.NoSuchRefException();
        }
        // A server tells no commits by their first digits, so their history has to be here.
        withHistory();
        return abbreviated(version.toLowerCase(Locale.ROOT));
    }

    private static List<String> names(String version) {
        List<String> names = version.equals(Constants.HEAD)
                ? List.of(version)
                : version.startsWith("refs/") ? List.of(version) : List.of(HEADS + version, TAGS + version);
        return names.stream()
                .filter(name -> name.equals(Constants.HEAD) || Repository.isValidRefName(name))
                .toList();
    }

    private Optional<ObjectId> byName(List<String> names) throws IOException, URISyntaxException {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        try (Transport transport = BareMirror.transport(repository, url, exchange)) {
            transport.setDepth(1);
            try (FetchConnection connection =
                    transport.openFetch(names.stream().map(RefSpec::new).toList())) {
                for (String name : names) {
                    Ref ref = connection.getRef(name);
                    ObjectId id = ref == null ? null : ref.getObjectId();
                    if (ref != null && id != null) {
                        if (!has(id)) {
                            connection.fetch(exchange, List.of(ref), Set.of());
                        }
                        return Optional.of(id);
                    }
                }
                return Optional.empty();
            }
        }
    }

    private ObjectId byId(ObjectId id) throws IOException, URISyntaxException {
        try (Transport transport = BareMirror.transport(repository, url, exchange)) {
            transport.setDepth(1);
            try (FetchConnection connection = transport.openFetch(List.of(new RefSpec(Constants.HEAD)))) {
                if (has(id)) {
                    return id;
                }
                connection.fetch(
                        exchange, List.of(new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, id.name(), id)), Set.of());
            }
        } catch (TransportException e) {
            if (exchange.stop() != Exchange.Stop.NONE || exchange.lastStatus() >= 400) {
                throw e;
            }
            // Some servers give only what a branch or a tag names, so all that those lead to is fetched.
            withHistory();
        }
        if (!has(id)) {
            throw new BareMirror.NoSuchRefException();
        }
        return id;
    }

    /** Fetches all branches and tags. */
    private void withHistory() throws IOException, URISyntaxException {
        try (Transport transport = BareMirror.transport(repository, url, exchange)) {
            boolean cut = !repository.getObjectDatabase().getShallowCommits().isEmpty();
            if (cut) {
                transport.setDepth(Constants.INFINITE_DEPTH);
            }
            List<RefSpec> all = Stream.of(HEADS, TAGS)
                    .map(prefix -> new RefSpec(prefix + "*:" + prefix + "*"))
                    .toList();
            try (FetchConnection connection = transport.openFetch(all)) {
                List<Ref> wanted = new ArrayList<>();
                for (Ref ref : connection.getRefs()) {
                    ObjectId id = ref.getObjectId();
                    boolean named =
                            ref.getName().startsWith(HEADS) || ref.getName().startsWith(TAGS);
                    if (named && id != null && (cut || !has(id))) {
                        wanted.add(ref);
                    }
                }
                if (!wanted.isEmpty()) {
                    connection.fetch(exchange, wanted, Set.of());
                }
            }
        }
    }

    private ObjectId abbreviated(String digits) throws IOException {
        List<ObjectId> commits = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader()) {
            Collection<ObjectId> found = reader.resolve(AbbreviatedObjectId.fromString(digits));
            for (ObjectId id : found) {
                if (reader.open(id).getType() == Constants.OBJ_COMMIT) {
                    commits.add(id);
                }
            }
        }
        if (commits.size() > 1) {
            throw new AmbiguousException();
        }
        return commits.stream().findFirst().orElseThrow(BareMirror.NoSuchRefException::new);
    }

    private boolean has(ObjectId id) throws IOException {
        return repository.getObjectDatabase().has(id);
    }

    /** The commit itself, also where an annotated tag names it. */
    private ObjectId commit(ObjectId id) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            if (walk.peel(walk.parseAny(id)) instanceof RevCommit commit) {
                return commit.copy();
            }
            throw new IncorrectObjectTypeException(id, Constants.TYPE_COMMIT);
        }
    }
}
