package dev.orkestra.imports;

import dev.orkestra.outcome.ErrorCode;
import java.util.Arrays;

/** Names that somebody else gave to files. */
final class FileName {
    private static final int MAX_PATH = 500;

    private FileName() {}

    /** {@code path} as it may stand among {@link dev.orkestra.katalog.Provided.Files}: below its folder. */
    static String checked(String path) throws ImportTrouble {
        String plain = path;
        while (plain.startsWith("./")) {
            plain = plain.substring(2);
        }
        boolean unsafe = plain.isEmpty()
                || plain.length() > MAX_PATH
                || plain.chars().anyMatch(each -> each < ' ' || each == 127 || each == '\\' || each == ':')
                || Arrays.stream(plain.split("/", -1))
                        .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (unsafe) {
            throw new ImportTrouble(
                    ErrorCode.OutsideRoot,
                    "it holds a file whose name is no plain path below its folder: '" + shown(path) + "'",
                    "push it again with names like crds/web.yaml");
        }
        return plain;
    }

    /** Short and without what a terminal would obey. */
    private static String shown(String path) {
        String start = path.length() <= 60 ? path : path.substring(0, 60) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
