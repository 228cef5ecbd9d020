package dev.orkestra.agent;

import dev.orkestra.desired.ConfigRepo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/**
 * One Quartz job per ConfigRepo that only puts the repository's key into the work queue: the queue keeps runs apart,
 * Quartz keeps time and does not pile up what it missed while the machine slept (java-stack: misfire fires once).
 */
final class RepoSchedules implements AutoCloseable {
    private static final String WAKE = "wake";

    private final Scheduler scheduler;
    private final Consumer<RepoKey> wake;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<RepoKey, ConfigRepo.Schedule> known = new ConcurrentHashMap<>();

    /** @param wake called on a Quartz thread when a repository is due; must not block */
    RepoSchedules(Consumer<RepoKey> wake, InstantSource clock, RandomGenerator random) {
        this.wake = wake;
        this.clock = clock;
        this.random = random;
        Properties settings = new Properties();
        settings.setProperty("org.quartz.scheduler.instanceName", "orkestra-" + Integer.toHexString(random.nextInt()));
        settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        // Jobs only put a key into a queue.
        settings.setProperty("org.quartz.threadPool.threadCount", "2");
        settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        settings.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
        settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        try {
            scheduler = new StdSchedulerFactory(settings).getScheduler();
            scheduler.start();
        } catch (SchedulerException e) {
            throw new IllegalStateException("a scheduler in memory always starts", e);
        }
    }

    /** Makes {@code key} due every interval, moved by up to the jitter; nothing happens if that is so already. */
    void schedule(RepoKey key, ConfigRepo.Schedule schedule) {
        if (schedule.equals(known.put(key, schedule))) {
            return;
        }
        JobDataMap data = new JobDataMap();
        data.put(WAKE, (Runnable) () -> wake.accept(key));
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(key.toString())
                .startAt(Date.from(clock.instant().plus(jittered(schedule))))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                        .withIntervalInMilliseconds(jittered(schedule).toMillis())
                        .repeatForever()
                        .withMisfireHandlingInstructionNextWithRemainingCount())
                .build();
        try {
            scheduler.deleteJob(JobKey.jobKey(key.toString()));
            scheduler.scheduleJob(
                    JobBuilder.newJob(WakeJob.class)
                            .withIdentity(key.toString())
                            .setJobData(data)
                            .build(),
                    trigger);
        } catch (SchedulerException e) {
            throw new IllegalStateException("a job with one trigger can be scheduled", e);
        }
    }

    void remove(RepoKey key) {
        known.remove(key);
        try {
            scheduler.deleteJob(JobKey.jobKey(key.toString()));
        } catch (SchedulerException e) {
            throw new IllegalStateException("a job in memory can be deleted", e);
        }
    }

    /** So that many repositories of one server are not fetched at the same moment. */
    private Duration jittered(ConfigRepo.Schedule schedule) {
        double share = 1 + (random.nextDouble() * 2 - 1) * schedule.jitterPercent() / 100.0;
        return Duration.ofMillis(Math.max(1, (long) (schedule.interval().toMillis() * share)));
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(false);
        } catch (SchedulerException e) {
            throw new IllegalStateException("a scheduler in memory can be shut down", e);
        }
    }

    /** Public because Quartz makes it by reflection. */
    public static final class WakeJob implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            if (context.getMergedJobDataMap().get(WAKE) instanceof Runnable wake) {
                wake.run();
            }
        }
    }
}
