package dev.orkestra.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The bad inputs of docs/limits.md: what is in the way, the exit code of {@code ork validate -f}, and what it says.
 * The page holds each of them as a row.
 */
enum HostileFile {
    EMPTY("an empty file", 1, "the file holds no document", text("")),
    COMMENTS("nothing but comments", 1, "the file holds no document", text("# nothing\n---\n")),
    BINARY("a binary file", 1, "the file holds a NUL byte: it is binary", bytes("GIF89a\0\1\2".getBytes(ISO_8859_1))),
    UTF16_BE("UTF-16, big end first", 1, "the file is UTF-16", bytes(encoded("\uFEFFa: 1\n", UTF_16BE))),
    UTF16_LE("UTF-16, little end first", 1, "the file is UTF-16", bytes(encoded("\uFEFFa: 1\n", UTF_16LE))),
    UTF16_BARE("UTF-16 without a mark", 1, "the file looks like UTF-16 or UTF-32", bytes(encoded("a: 1\n", UTF_16LE))),
    UTF32("UTF-32", 1, "the file is UTF-32", bytes(encoded("\uFEFFa: 1\n", Charset.forName("UTF-32BE")))),
    LATIN1("Latin-1", 1, "byte 0xe4 is not UTF-8", bytes("name: B\u00e4r\n".getBytes(ISO_8859_1))),
    NUL("a NUL byte in text", 1, "the file holds a NUL byte: it is binary", text("a: 1\nb: \0\n")),
    TABS("tabs as indentation", 1, "a tab where YAML wants blanks", text("a:\n\tb: 1\n")),
    DUPLICATE("a key twice", 1, "the key 'a' is already written at line 1, column 1", text("a: 1\na: 2\n")),
    MARK("a byte order mark in the middle", 1, "a byte order mark (U+FEFF)", text("a: 1\n\uFEFFb: 2\n")),
    BINARY_TAG("!!binary and other tags", 1, "the tag !!binary is not supported here", text("a: !!binary aGk=\n")),
    HUGE_FLOAT(
            "a number such as 1e999999999", 1, "not a finite number that a double can hold", text("a: 1e999999999\n")),
    HUGE_INTEGER(
            "a million digits",
            1,
            "not a finite number that a double can hold",
            text("a: " + "9".repeat(1_000_000) + "\n")),
    LONG_KEY(
            "a key of a million characters",
            1,
            "is already written at line 1",
            text(("? " + "k".repeat(1_000_000) + "\n: 1\n").repeat(2))),
    LAUGHS("a billion laughs", 1, "(limit maxNodes)", text(laughs())),
    QUADRATIC("one large anchor, many aliases", 1, "(limit maxNodes)", text(quadratic())),
    MERGES("a bomb of merge keys", 1, "(limit maxNodes)", text(merges())),
    ALIASES("a thousand aliases", 1, "(limit maxAliases)", text("a: &a 1\nb: [" + "*a, ".repeat(1_000) + "]\n")),
    ANCHORS("ten thousand nested anchors", 1, "(limit maxDepth)", text(anchors())),
    FLOW_LEVELS("10,000 levels of [", 1, "(limit maxDepth)", text("[".repeat(10_000))),
    BLOCK_LEVELS("10,000 levels of -", 1, "(limit maxDepth)", text("- ".repeat(10_000))),
    DOCUMENTS("100,000 documents", 1, "(limit maxDocuments)", text("--- 1\n".repeat(100_000))),
    WIDE("two million values", 1, "(limit maxNodes)", text("[" + "1,".repeat(2_000_000) + "1]")),
    LINE(
            "a line of 4 MiB",
            1,
            "a line has more than 2097152 characters",
            text("a: " + "x".repeat((4 << 20) - 4) + "\n")),
    HUGE("a file of 100 MB", 2, "(limit maxBytes)", HostileFile::sparse),
    FOLDER("a folder", 2, "this is a folder", Files::createDirectory),
    PIPE("a named pipe", 2, "this is a pipe, a socket or a device", HostileFile::pipe),
    LINK_TO_PIPE("a link to a named pipe", 2, "this is a pipe, a socket or a device", file -> {
        Path pipe = file.resolveSibling("pipe");
        pipe(pipe);
        Files.createSymbolicLink(file, pipe);
    }),
    SOCKET("a socket", 2, "this is a pipe, a socket or a device", HostileFile::socket),
    DEVICE(
            "a link to a device such as /dev/zero",
            2,
            "this is a pipe, a socket or a device",
            file -> Files.createSymbolicLink(file, Path.of("/dev/zero"))),
    MISSING("no file at all", 2, "there is no such file", _ -> {}),
    LOOP(
            "a link that leads to itself",
            2,
            "it cannot be opened: Too many levels of symbolic links",
            file -> Files.createSymbolicLink(file, file.getFileName())),
    LINK_OUT("a link of a repository, wherever it leads", 2, "a link stands on the way", file -> {
        Files.createDirectories(file.resolveSibling(".git"));
        Files.createSymbolicLink(file, Path.of("/etc/hostname"));
    });

    /** Makes the file at a path that is free. */
    @FunctionalInterface
    interface Maker {
        void make(Path file) throws IOException;
    }

    private final String what;
    private final int exitCode;
    private final String said;
    private final Maker maker;

    HostileFile(String what, int exitCode, String said, Maker maker) {
        this.what = what;
        this.exitCode = exitCode;
        this.said = said;
        this.maker = maker;
    }

    String what() {
        return what;
    }

    int exitCode() {
        return exitCode;
    }

    String said() {
        return said;
    }

    Path in(Path folder) throws IOException {
        Path file = folder.resolve("bad.yaml");
        maker.make(file);
        return file;
    }

    private static Maker text(String text) {
        return bytes(text.getBytes(UTF_8));
    }

    private static Maker bytes(byte[] bytes) {
        return file -> Files.write(file, bytes);
    }

    private static byte[] encoded(String text, Charset charset) {
        return text.getBytes(charset);
    }

    private static String laughs() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String all = ("*a" + (i - 1) + ", ").repeat(9);
            text.append("a" + i + ": &a" + i + " [" + all + "]\n");
        }
        return text.toString();
    }

    private static String quadratic() {
        return "a: &a [" + "1,".repeat(50_000) + "1]\nb: [" + "*a, ".repeat(199) + "*a]\n";
    }

    private static String merges() {
        StringBuilder text = new StringBuilder("m0: &m0 {a: 1, b: 2}\n");
        for (int i = 1; i < 40; i++) {
            String one = "*m" + (i - 1);
            text.append("m" + i + ": &m" + i + " {<<: [" + one + ", " + one + "], k" + i + ": " + one + "}\n");
        }
        return text.toString();
    }

    private static String anchors() {
        StringBuilder text = new StringBuilder("a: ");
        for (int i = 0; i < 10_000; i++) {
            text.append("&a" + i + " [");
        }
        return text.toString();
    }

    /** Takes no room on the disk. */
    private static void sparse(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(100_000_000);
        }
    }

    private static void pipe(Path file) throws IOException {
        Process mkfifo =
                new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
        try {
            if (!mkfifo.waitFor(10, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                throw new IOException("mkfifo did not make " + file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The file stays when the socket is closed. */
    private static void socket(Path file) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
        }
    }
}
