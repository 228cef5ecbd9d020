package dev.orkestra.imports;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.HelmIndex;
import dev.orkestra.chart.HelmRepository;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.Access;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Fetches charts of Helm repositories over HTTP(S). An archive has to have the digest that the repository's index names.
 * Thread-safe.
 */
public final class HelmCharts implements AutoCloseable {
    /** The newest version that is no pre-release, as Helm takes it. */
    private static final String NEWEST = "*";

    private final ChartDownloads downloads = new ChartDownloads();
    private final Variables variables;
    private final ImportLimits limits;

    public HelmCharts(Variables variables, ImportLimits limits) {
        this.variables = variables;
        this.limits = limits;
    }

    /** The files of the chart that {@code need} names, {@code Chart.yaml} at the top, with the version that was chosen. */
    public Provided provide(Need.HelmChart need) {
        if (need.repository().toLowerCase(Locale.ROOT).startsWith("oci://")) {
            return new Provided.Unreadable(
                    ErrorCode.ImportNotAllowed,
                    "charts are not taken from OCI registries",
                    "name the chart's Helm repository over https, or the Git repository that holds it");
        }
        try {
            return fetched(
                    need, Logins.of(need.auth(), variables).map(Access::of).orElse(Access.OPEN));
        } catch (ImportTrouble e) {
            return e.answer();
        }
    }

    @Override
    public void close() {
        downloads.close();
    }

    private Provided fetched(Need.HelmChart need, Access access) {
        long end = System.nanoTime() + limits.maxImportTime().toNanos();
        Supplier<Duration> left = () -> Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        Optional<HelmRepository> repository = HelmRepository.at(need.repository(), access, downloads, left);
        if (repository.isEmpty()) {
            return new Provided.Unreadable(
                    ErrorCode.ImportNotAllowed,
                    "this is no plain http:// or https:// URL of a Helm repository",
                    "use https://host/path; a user and a password, or a token, belong into variables that auth names");
        }
        try {
            return chart(need, repository.get());
        } catch (ChartTrouble e) {
            return unreadable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Provided.Unreadable(ErrorCode.ImportFailed, "the fetch was interrupted", "try again");
        }
    }

    private Provided chart(Need.HelmChart need, HelmRepository repository) throws ChartTrouble, InterruptedException {
        Optional<String> locked = need.locked().map(Pin::resolved);
        String wanted = locked.orElse(need.version().isEmpty() ? NEWEST : need.version());
        Optional<HelmIndex> index = repository.index();
        if (index.isEmpty()) {
            return files(repository.unindexed(need.chart(), wanted), wanted);
        }
        HelmIndex.Entry entry = index.get()
                .find(need.chart(), wanted)
                .filter(found -> locked.isEmpty() || found.version().equals(locked.get()))
                .orElseThrow(() -> notThere(need, locked, index.get()));
        return files(repository.archive(need.chart(), entry), entry.version());
    }

    private Provided files(byte[] archive, String version) throws ChartTrouble {
        ChartArchive chart = ChartArchive.read(archive);
        long bytes = chart.files().values().stream()
                .mapToLong(content -> content.length)
                .sum();
        return bytes > limits.maxImportBytes()
                ? Limit.bytes("the chart's files have " + bytes + " bytes", limits)
                : Provided.Files.of(chart.files(), version);
    }

    private static ChartTrouble notThere(Need.HelmChart need, Optional<String> locked, HelmIndex index) {
        List<String> known = index.versions(need.chart(), 10);
        if (known.isEmpty()) {
            return new ChartTrouble(
                    ChartTrouble.Kind.ABSENT, "the repository has no chart '" + need.chart() + "'", "check its name");
        }
        String has = "the repository has: " + String.join(", ", known);
        if (locked.isPresent()) {
            return new ChartTrouble(
                    ChartTrouble.Kind.ABSENT,
                    "version '" + locked.get() + "', which the lock file names, is gone from the repository",
                    "publish it again, or write the lock file anew; " + has);
        }
        return new ChartTrouble(
                ChartTrouble.Kind.ABSENT,
                need.version().isEmpty()
                        ? "the repository has only pre-releases of it"
                        : "the repository has no version that fits '" + need.version() + "'",
                has);
    }

    private Provided.Unreadable unreadable(ChartTrouble trouble) {
        String message = String.valueOf(trouble.getMessage());
        return switch (trouble.kind()) {
            case TOO_SLOW -> Limit.time("the repository did not answer in full", limits);
            case UNREACHABLE -> new Provided.Unreadable(ErrorCode.ImportFailed, message, trouble.hint());
            case REFUSED ->
                new Provided.Unreadable(
                        ErrorCode.AuthenticationFailed,
                        message,
                        "let auth name variables with the right user and password, or a token");
            case TOO_LARGE -> new Provided.Unreadable(ErrorCode.LimitExceeded, message, trouble.hint());
            case ABSENT -> new Provided.Unreadable(ErrorCode.NotFound, message, trouble.hint());
            case WRONG -> new Provided.Unreadable(ErrorCode.ChartPullFailed, message, trouble.hint());
        };
    }
}
