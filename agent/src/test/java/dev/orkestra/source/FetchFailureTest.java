package dev.orkestra.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jgit.errors.TransportException;
import org.junit.jupiter.api.Test;

class FetchFailureTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static FetchFailure of(Throwable trouble) {
        SourceRequest request =
                new SourceRequest("http://git.test/x", "refs/heads/main", Credentials.NONE, Duration.ofMinutes(1));
        return FetchFailure.of(new Exchange(request, NOW.plusSeconds(60), InstantSource.fixed(NOW), 1_000), trouble);
    }

    @Test
    void aFullDiskIsCalledSo() {
        FetchFailure full = of(new TransportException("http://git.test/x", new IOException("No space left on device")));

        assertThat(full.kind()).isEqualTo(FetchFailure.Kind.BROKEN);
        assertThat(full.detail()).contains("disk of the cache folder is full");
        assertThat(of(new TransportException("http://git.test/x", new IOException("else")))
                        .detail())
                .doesNotContain("disk");
    }
}
