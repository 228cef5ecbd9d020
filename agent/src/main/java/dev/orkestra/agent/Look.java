package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import java.time.Instant;

/**
 * One look at a repository.
 *
 * @param basis what trouble may come from and people may change: with another basis a look does not wait
 */
record Look(RepoKey key, ConfigRepo repo, ObjectNode object, RepoSource.Access access, String basis, Instant began) {
    /** @param asked another text when somebody asks for another run */
    static Look of(
            RepoKey key, ConfigRepo repo, ObjectNode object, RepoSource.Access access, String asked, Instant began) {
        return new Look(key, repo, object, access, basis(repo, object, access) + "\n" + asked, began);
    }

    private static String basis(ConfigRepo repo, ObjectNode object, RepoSource.Access access) {
        return repo.generation() + "\n" + RunSignals.syncRequested(object) + "\n" + ResumeRequest.requested(object)
                + "\n" + FetchRequests.of(object) + "\n" + RunSignals.isDeleting(object) + "\n" + access.version();
    }
}
