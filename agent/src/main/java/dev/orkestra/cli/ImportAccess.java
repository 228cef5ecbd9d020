package dev.orkestra.cli;

import dev.orkestra.katalog.InputSource;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;

/** From where a composition on this machine gets what it imports. The only place in {@code cli} that decides it. */
final class ImportAccess {
    private final Terminal terminal;

    ImportAccess(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Answers what the files of {@code workspace} import. */
    InputSource of(Workspace workspace) {
        InputSource elsewhere = new Progress(terminal, ImportAccess::notThere);
        return need -> switch (need) {
            case Need.RepositoryFile file -> workspace.read(file.path());
            default -> elsewhere.provide(need);
        };
    }

    private static Provided notThere(Need need) {
        return new Provided.Unreadable(
                ErrorCode.ImportNotAllowed, "only files of the repository can be imported here", "");
    }
}
