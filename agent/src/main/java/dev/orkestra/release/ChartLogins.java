package dev.orkestra.release;

import dev.orkestra.chart.ChartLogin;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.outcome.Outcome;
import java.util.Optional;

/** Finds the credentials of a chart repository, with the rights of the group that asks. */
@FunctionalInterface
public interface ChartLogins {
    /** For repositories that ask for none. */
    ChartLogins NONE = _ -> Outcome.done(Optional.empty());

    /** @return Done with nothing when the chart names no Secret; Terminal or Retry when the Secret cannot be had */
    Outcome<Optional<ChartLogin>> of(ApplicationGroup.Chart chart);
}
