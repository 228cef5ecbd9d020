package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class TarFilesTest {
    private static final byte[] CONTENT = {'x'};

    @Test
    void foldersAreNoFiles() throws Exception {
        byte[] tgz = Registry.tgz(tar -> {
            tar.putArchiveEntry(new TarArchiveEntry("a/"));
            tar.closeArchiveEntry();
            Registry.entry(tar, "./a/b.yaml", CONTENT);
        });
        assertThat(TarFiles.read(tgz, Budget.of(Imports.LIMITS)).keySet()).containsExactly("a/b.yaml");
    }

    @Test
    void whatLeadsElsewhereIsRefused() {
        StringBuilder said = new StringBuilder();
        for (String name :
                List.of("../x", "/etc/passwd", "a/../../x", "C:/x", "a\\b", "a//b", "..", "a\nb", "y".repeat(501))) {
            said.append(trouble(Registry.tgz(tar -> Registry.entry(tar, name, CONTENT))))
                    .append('\n');
        }
        for (byte kind : new byte[] {
            TarConstants.LF_LINK,
            TarConstants.LF_SYMLINK,
            TarConstants.LF_FIFO,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK
        }) {
            said.append(trouble(Registry.tgz(tar -> Registry.link(tar, "link.yaml", kind, "/etc/passwd"))))
                    .append('\n');
        }
        said.append(trouble(Registry.tgz(tar -> {
                    Registry.entry(tar, "a", CONTENT);
                    Registry.entry(tar, "./a", CONTENT);
                })))
                .append('\n');
        said.append(trouble(Registry.tgz(tar -> {
                    for (int i = 0; i <= 10_000; i++) {
                        Registry.entry(tar, "f" + i, new byte[0]);
                    }
                })))
                .append('\n');
        Imports.golden("archives.txt", said.toString());
    }

    @Test
    void anArchiveThatUnpacksToMoreThanTheLimitIsStopped() throws Exception {
        byte[] zeros = new byte[1 << 20];
        byte[] bomb = Registry.tgz(tar -> {
            for (int i = 0; i < 200; i++) {
                Registry.entry(tar, "f" + i, zeros);
            }
        });
        assertThat(bomb.length).isLessThan(1 << 19);
        assertThat(trouble(bomb)).contains("maxImportBytes");
        ByteArrayOutputStream endless = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(endless)) {
            for (int i = 0; i < 100; i++) {
                gzip.write(zeros);
            }
        }
        assertThat(TarFiles.read(endless.toByteArray(), Budget.of(Imports.LIMITS)))
                .isEmpty();
    }

    @Test
    void theHolesOfASparseFileCount() {
        long size = 1L << 30;
        byte[] tgz = Registry.tgz(tar -> {
            String headers = pax("GNU.sparse.major", "1")
                    + pax("GNU.sparse.minor", "0")
                    + pax("GNU.sparse.name", "holes")
                    + pax("GNU.sparse.realsize", String.valueOf(size));
            TarArchiveEntry pax = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            pax.setSize(headers.length());
            tar.putArchiveEntry(pax);
            tar.write(Registry.bytes(headers));
            tar.closeArchiveEntry();
            Registry.entry(tar, "holes", Arrays.copyOf(Registry.bytes("1\n" + (size - 1) + "\n1\n"), 513));
        });
        assertThat(trouble(tgz)).contains("maxImportBytes");
    }

    @Test
    void anythingElseIsAValueAndNoCrash() {
        byte[] good = Registry.tgz(tar -> Registry.entry(tar, "a/b.yaml", new byte[2_000]));
        long seed = Long.getLong("orkestra.seed", 4);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int j = random.nextInt(4); j > 0 && bad.length > 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(TarFiles.read(bad, Budget.of(Imports.LIMITS))).isInstanceOf(Map.class);
            } catch (ImportTrouble e) {
                assertThat(e.answer().message()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    @Test
    void aDamagedHeaderInsideIsAValueAndNoCrash() throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] good = Registry.tgz(tar -> {
            Registry.entry(tar, "a/" + "b".repeat(150) + ".yaml", new byte[600]);
            Registry.entry(tar, "c.yaml", new byte[10]);
        });
        try (var gzip = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(good))) {
            gzip.transferTo(plain);
        }
        long seed = Long.getLong("orkestra.seed", 4);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = plain.toByteArray();
            for (int j = 1 + random.nextInt(4); j > 0; j--) {
                bad[random.nextInt(2_600)] = (byte) random.nextInt();
            }
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(bad);
            }
            try {
                assertThat(TarFiles.read(packed.toByteArray(), Budget.of(Imports.LIMITS)))
                        .isInstanceOf(Map.class);
            } catch (ImportTrouble e) {
                assertThat(e.answer().message()).as("seed %d", seed).isNotEmpty();
            }
        }
    }

    private static String pax(String key, String value) {
        String record = " " + key + "=" + value + "\n";
        int length = record.length() + 2;
        return length + record;
    }

    private static String trouble(byte[] tgz) {
        ImportTrouble trouble =
                catchThrowableOfType(ImportTrouble.class, () -> TarFiles.read(tgz, Budget.of(Imports.LIMITS)));
        assertThat(trouble).isNotNull();
        return trouble.answer().message() + " (" + trouble.answer().hint() + ") ["
                + trouble.answer().code() + "]";
    }
}
