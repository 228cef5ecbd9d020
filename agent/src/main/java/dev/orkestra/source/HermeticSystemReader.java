package dev.orkestra.source;

import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps JGit away from the machine it runs on. Its own reader takes the user's and the system's Git configuration and
 * the environment into account, which can name proxies, header tokens, URL rewrites and programs to run (attack test 4
 * of the design's list); it even starts {@code git} to find the system's file.
 */
final class HermeticSystemReader extends SystemReader.Delegate {
    private HermeticSystemReader(SystemReader system) {
        super(system);
    }

    /** Has every repository of this process opened under this reader. */
    static void install() {
        SystemReader current = SystemReader.getInstance();
        if (!(current instanceof HermeticSystemReader)) {
            SystemReader.setInstance(new HermeticSystemReader(current));
        }
    }

    @Override
    public @Nullable String getenv(String variable) {
        return null;
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    /** A configuration that has no file: it is never read and never written. */
    private static final class Empty extends FileBasedConfig {
        private static final Duration DISK_TIMES = Duration.ofMillis(10);

        Empty(@Nullable Config parent, FS fs) {
            super(parent, new File("none"), fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }

        /**
         * JGit asks the user's file for what it once measured of the disk. Without an answer it measures for some 4 s
         * at the first fetch of each process, that is after each crash as well. Only this process writes its mirrors,
         * so how finely the disk counts time matters little: a local disk on Linux counts the ticks of the kernel.
         */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long otherwise, TimeUnit unit) {
            return section.equals("filesystem")
                    ? unit.convert(DISK_TIMES)
                    : super.getTimeUnit(section, subsection, name, otherwise, unit);
        }
    }
}
