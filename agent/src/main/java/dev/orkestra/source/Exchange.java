package dev.orkestra.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * One fetch's dealings with the server: holds its limits (deadline, bytes, host) and remembers what went wrong, since
 * JGit tells most of it only as text.
 */
final class Exchange extends EmptyProgressMonitor {
    /** What ended the exchange, if it was one of our own limits. */
    enum Stop {
        NONE,
        DEADLINE,
        TOO_LARGE,
        OTHER_HOST
    }

    private static final Duration MAX_READ_TIMEOUT = Duration.ofSeconds(10);

    private final SourceRequest request;
    private final InstantSource clock;
    private final Instant deadline;
    private final long maxBytes;
    private long bytes;
    private volatile Stop stop = Stop.NONE;
    private volatile int lastStatus;

    Exchange(SourceRequest request, Instant deadline, InstantSource clock, long maxBytes) {
        this.request = request;
        this.deadline = deadline;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    Stop stop() {
        return stop;
    }

    /** The last HTTP status code; 0 when there was no answer, or no HTTP. */
    int lastStatus() {
        return lastStatus;
    }

    Duration left() {
        return Duration.between(clock.instant(), deadline);
    }

    /** A read may wait this long; at least a second, since JGit counts in seconds and takes 0 for "for ever". */
    int readTimeoutSeconds() {
        Duration left = left();
        return (int) Math.max(1, Math.min(MAX_READ_TIMEOUT.toSeconds(), left.toSeconds()));
    }

    /** JGit asks this while it receives and indexes a pack. */
    @Override
    public boolean isCancelled() {
        if (left().isNegative()) {
            stop = Stop.DEADLINE;
        }
        return stop != Stop.NONE;
    }

    private void received(long count) throws IOException {
        bytes += Math.max(0, count);
        if (bytes > maxBytes) {
            stop = Stop.TOO_LARGE;
            throw new IOException("more than " + maxBytes + " bytes");
        }
        if (left().isNegative()) {
            stop = Stop.DEADLINE;
            throw new IOException("the deadline has passed");
        }
    }

    HttpConnectionFactory connections() {
        return new HttpConnectionFactory() {
            @Override
            public HttpConnection create(URL url) throws IOException {
                return new Connection(allowed(url));
            }

            @Override
            public HttpConnection create(URL url, Proxy proxy) throws IOException {
                return new Connection(allowed(url), proxy);
            }
        };
    }

    /** Redirects and the alternates of a server without smart HTTP both end here. */
    private URL allowed(URL url) throws IOException {
        URI configured = URI.create(request.url());
        boolean sameHost = configured.getHost() != null && configured.getHost().equalsIgnoreCase(url.getHost());
        boolean samePlace = url.getProtocol().equalsIgnoreCase(configured.getScheme())
                && port(url.getProtocol(), url.getPort()) == port(configured.getScheme(), configured.getPort());
        boolean upgraded = configured.getScheme().equalsIgnoreCase("http")
                && url.getProtocol().equalsIgnoreCase("https")
                && port("http", configured.getPort()) == 80
                && port("https", url.getPort()) == 443;
        if (!sameHost || !(samePlace || upgraded)) {
            stop = Stop.OTHER_HOST;
            throw new IOException("the server names another host");
        }
        return url;
    }

    private static int port(String scheme, int port) {
        if (port >= 0) {
            return port;
        }
        return scheme.toLowerCase(Locale.ROOT).equals("https") ? 443 : 80;
    }

    /** The credentials, told to the configured host only. */
    CredentialsProvider credentials() {
        return new CredentialsProvider() {
            @Override
            public boolean isInteractive() {
                return false;
            }

            @Override
            public boolean supports(CredentialItem... items) {
                for (CredentialItem item : items) {
                    if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public boolean get(URIish uri, CredentialItem... items) {
                String host = URI.create(request.url()).getHost();
                if (request.credentials().isNone() || host == null || !host.equalsIgnoreCase(uri.getHost())) {
                    return false;
                }
                for (CredentialItem item : items) {
                    switch (item) {
                        case CredentialItem.Username name ->
                            name.setValue(request.credentials().username());
                        case CredentialItem.Password word ->
                            word.setValue(request.credentials().password().toCharArray());
                        default -> throw new UnsupportedCredentialItem(uri, "only user name and password");
                    }
                }
                return true;
            }
        };
    }

    /** A connection whose answers are counted. */
    private final class Connection extends JDKHttpConnection {
        Connection(URL url) throws IOException {
            super(url);
        }

        Connection(URL url, Proxy proxy) throws IOException {
            super(url, proxy);
        }

        @Override
        public int getResponseCode() throws IOException {
            int status = super.getResponseCode();
            lastStatus = status;
            String target = status >= 300 && status < 400 ? getHeaderField("Location") : null;
            if (target != null) {
                allowed(resolved(getURL(), target));
            }
            return status;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new Counted(super.getInputStream());
        }
    }

    private static URL resolved(URL base, String target) throws IOException {
        try {
            return base.toURI().resolve(target).toURL();
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            throw new IOException("a redirect to something that is no URL", e);
        }
    }

    /** Counts bytes and looks at the clock on each read, so that one byte a second cannot hold a fetch for ever. */
    private final class Counted extends FilterInputStream {
        Counted(@Nullable InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            received(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            received(count);
            return count;
        }
    }
}
