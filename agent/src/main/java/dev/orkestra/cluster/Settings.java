package dev.orkestra.cluster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Limits of the connection to one API server.
 *
 * @param connectTimeout for TCP and TLS
 * @param callTimeout for a whole request with its answer; watches are not bound by it
 * @param pingInterval a connection that does not answer a ping for this long is dropped, so that a watch on a
 *     half-closed connection notices
 * @param watchTime how long one watch request lasts before it is opened anew; up to a tenth more, at random. The guard
 *     against a watch that went silent
 * @param maxBodyBytes longest answer that is read
 * @param userAgent what the API server's log and audit call us
 * @param time for the times of events
 * @param random spreads reconnects of many watches; must be thread-safe
 */
public record Settings(
        Duration connectTimeout,
        Duration callTimeout,
        Duration pingInterval,
        Duration watchTime,
        long maxBodyBytes,
        String userAgent,
        InstantSource time,
        RandomGenerator random) {

    /** Connect 5 s, call 30 s, ping 10 s, watch 290 s (below the 5 min after which proxies cut), 64 MiB. */
    public static Settings standard() {
        return new Settings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(290),
                64L << 20,
                "orkestra-agent",
                InstantSource.system(),
                new Random());
    }

    public Settings withCallTimeout(Duration timeout) {
        return new Settings(connectTimeout, timeout, pingInterval, watchTime, maxBodyBytes, userAgent, time, random);
    }

    public Settings withWatchTime(Duration length) {
        return new Settings(connectTimeout, callTimeout, pingInterval, length, maxBodyBytes, userAgent, time, random);
    }

    public Settings withPingInterval(Duration interval) {
        return new Settings(connectTimeout, callTimeout, interval, watchTime, maxBodyBytes, userAgent, time, random);
    }
}
